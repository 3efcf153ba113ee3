#include "models/propagation/common_sequence.h"

#include <algorithm>

#include "models/propagation/database.h"

namespace parallax::propagation {

void CommonSequence::ask(Awaiter& awaiter) {
  asking_.push_back({++tickets_, &awaiter});
  send(tickets_, awaiter.table);
}

void CommonSequence::send(std::uint64_t ticket, store::TableId table) {
  const bool waits =
      std::any_of(asking_.begin(), asking_.end(), [&](const Asking& asking) { return asking.ticket == ticket; });
  if (!waits) return;
  site_.send(home_.site(), [this, ticket, table] {
    if (!home_power_.is_on()) return;
    const store::Value number = home_.rows().sequence(table).take().value_or(0);
    home_.replica().site().send(site_.id(), [this, ticket, number] { answered(ticket, number); });
  });
  site_.after(kAskAgain, [this, ticket, table] { send(ticket, table); });
}

void CommonSequence::answered(std::uint64_t ticket, store::Value number) {
  const auto found =
      std::find_if(asking_.begin(), asking_.end(), [&](const Asking& asking) { return asking.ticket == ticket; });
  if (found == asking_.end()) return;
  Awaiter& awaiter = *found->awaiter;
  asking_.erase(found);
  awaiter.number = number;
  site_.wake_after({}, awaiter.process);
}

}  // namespace parallax::propagation
