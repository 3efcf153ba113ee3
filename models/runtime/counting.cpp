#include "models/runtime/counting.h"

#include "models/domain/topic.h"
#include "models/propagation/broker/profiles.h"
#include "models/runtime/traffic_manager.h"

namespace parallax::runtime {

using propagation::broker::HostLoss;
using propagation::broker::Sender;

namespace {

// By how much the gateway's clock was ahead takes the 64 bits of version and detail, which such events do not use.
void date(propagation::broker::Event& event, sim::Duration ahead) {
  const auto bits = static_cast<std::uint64_t>(ahead.ns);
  event.version = {static_cast<std::uint32_t>(bits >> 32)};
  event.detail = static_cast<std::uint32_t>(bits);
}

sim::VirtualTime dated(const propagation::broker::Event& event) {
  const std::uint64_t bits = std::uint64_t{event.version.packed} << 32 | event.detail;
  return event.published + sim::Duration{static_cast<std::int64_t>(bits)};
}

}  // namespace

void CountingIntake::take_in(const propagation::broker::Event& event) {
  if (!power_.is_on()) return propagation::broker::lose(event, site_, node_, domain::EventLoss::kHostDown);
  manager_.count(static_cast<domain::SubscriptionId>(event.object.id()), dated(event));
}

void CountingWays::lead_to(CountingIntake& target) {
  const std::string name = path_ + " is counted at " + std::to_string(domain::index(target.node()));
  senders_.push_back(
      std::make_unique<Sender>(site_, power_, node_, name, propagation::broker::carbon_data_bridge(), target));
}

void CountingWays::start() {
  for (const auto& sender : senders_) sender->start();
}

void CountingWays::publish(domain::SubscriptionId subscription, sim::Duration ahead) {
  propagation::broker::Event event;
  event.id = numbers_.next();
  event.published = site_.now();
  event.object = domain::ObjectRef::of(subscription);
  event.topic = domain::kCountedRequests;
  date(event, ahead);
  for (const auto& sender : senders_) sender->send(event);
}

void CountingWays::lost(HostLoss how) {
  for (const auto& sender : senders_) sender->lost(how);
}

void CountingWays::restored() {
  for (const auto& sender : senders_) sender->restored();
}

}  // namespace parallax::runtime
