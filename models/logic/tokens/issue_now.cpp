#include "models/logic/tokens/issue_now.h"

namespace parallax::logic::tokens {

namespace {

Step told(Issuance& issuance, Insertion insertion) {
  return insertion == Insertion::kInserted ? issuance.on_inserted() : issuance.on_violation();
}

struct Advance {
  Issuance& issuance;
  TokenTable& table;
  sim::VirtualTime now;

  Step operator()(const ReadLatest& step) const {
    return issuance.on_read(table.latest(step.key, TokenState::kActive), now);
  }
  Step operator()(const ReadKeyHolder& step) const {
    return issuance.on_read(table.key_holder(step.key, step.data_center), now);
  }
  Step operator()(const InsertRow& step) const { return told(issuance, table.insert(step.row)); }
  Step operator()(const ReplaceRow& step) const {
    return told(issuance, table.replace(step.old, step.old_becomes, step.row));
  }
  Step operator()(const MarkRow& step) const { return issuance.on_marked(table.mark(step.id, step.becomes), now); }
  Step operator()(const Issued& end) const { return end; }
  Step operator()(const Refused& end) const { return end; }
};

}  // namespace

Step advance(Issuance& issuance, const Step& step, TokenTable& table, sim::VirtualTime now) {
  return std::visit(Advance{issuance, table, now}, step);
}

Step issue_now(Issuance& issuance, TokenTable& table, sim::VirtualTime now) {
  Step step = issuance.begin(now);
  while (!std::holds_alternative<Issued>(step) && !std::holds_alternative<Refused>(step)) {
    step = advance(issuance, step, table, now);
  }
  return step;
}

}  // namespace parallax::logic::tokens
