#include "models/propagation/artifacts/requester.h"

#include <cassert>
#include <utility>

namespace parallax::propagation::artifacts {

Requester::Requester(sim::Site& client, sim::Site& server, const sim::Power& server_power, const std::string& name,
                     const RequestSpec& spec, ArtifactSource& source, std::vector<domain::Stage> stage_of_fault)
    : site_{client},
      source_site_{server},
      source_power_{server_power},
      spec_{spec},
      source_{source},
      stage_of_fault_{std::move(stage_of_fault)},
      connection_{client, server, name, spec.connection, at_client_, at_server_} {
  connection_.server().belongs_to(server_power.standstill());
}

void Requester::ask(Question question) {
  assert(!is_asking() && asker_ != nullptr);
  exchange_ = std::make_unique<Exchange>(Exchange{std::move(question), {}});
  is_sent_ = false;
  is_held_back_ = false;
  if (spec_.timeout.ns > 0) {
    site_.after(spec_.timeout, [this, era = era_] {
      if (era == era_) fail();
    });
  }
  look();
  if (connection_.client().is_open()) return send();
  connection_.client().connect();
}

// A connection that is open already cannot be refused.
std::optional<std::uint32_t> Requester::fault_on_asking() {
  const bool is_refusable =
      !connection_.client().is_open() && spec_.connection.certificates == sim::Certificates::kChecked;
  return is_refusable ? site_.fault_on_connecting_to(source_site_.id()) : site_.fault_on_way_to(source_site_.id());
}

void Requester::look() {
  std::optional<std::uint32_t> fault = fault_on_asking();
  if (const auto& held = connection_.client().held_back(); held && is_sent_) fault = held->fault;
  if (fault) {
    is_held_back_ = true;
    return asker_->held_back(stage_of_fault_[*fault]);
  }
  site_.after(kLookInterval, [this, era = era_] {
    if (era == era_) look();
  });
}

void Requester::send() {
  is_sent_ = true;
  connection_.client().send([this, exchange = exchange_.get(), era = era_] { serve(*exchange, era); });
}

// At the source's site.
void Requester::serve(Exchange& exchange, std::uint32_t era) {
  if (!source_power_.is_on()) return;
  exchange.answer = source_.answer(exchange.question);
  if (spec_.service_time.ns == 0) return reply(era);
  source_site_.after(spec_.service_time, [this, era, life = source_power_.life()] {
    if (!source_power_.outlived(life)) reply(era);
  });
}

void Requester::reply(std::uint32_t era) {
  if (!connection_.server().is_open()) return;
  connection_.server().send([this, era] {
    if (era == era_) finish();
  });
}

// And back.
void Requester::finish() {
  ++era_;
  const std::unique_ptr<Exchange> exchange = std::move(exchange_);
  const auto& held = connection_.client().was_held_back();
  if (held && !is_held_back_) asker_->held_back(stage_of_fault_[held->fault]);
  if (spec_.connecting == Connecting::kForEach) connection_.client().close();
  asker_->answered(exchange->answer);
}

// Without a fault to be seen it is the source itself that does not answer.
void Requester::fail() {
  if (!is_asking()) return;
  abandon();
  connection_.client().close();
  if (!is_held_back_) asker_->held_back(domain::Stage::kSiteDown);
  asker_->answered({});
}

void Requester::abandon() {
  ++era_;
  if (is_asking() && is_sent_) abandoned_.push_back(std::move(exchange_));
  exchange_.reset();
}

void Requester::lost() {
  abandon();
  connection_.client().lose();
}

}  // namespace parallax::propagation::artifacts
