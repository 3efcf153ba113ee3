#include "sim/logical_process.h"

#include <cassert>

#include "sim/site.h"

namespace parallax::sim {

void Parcel::on_event() {
  const Action action = action_;
  free_->push_back(this);
  at_->send(bound_for_, action, packets_);
}

void LogicalProcess::run(VirtualTime end) {
  for (const Event* next = queue_.peek(); next != nullptr && next->key.time < end; next = queue_.peek()) {
    const Event event = queue_.pop();
    assert(event.key.time >= now_);
    now_ = event.key.time;
    switch (event.target.kind()) {
      case EventTarget::Kind::kHandler:
        ++events_;
        event.target.handler().on_event();
        break;
      case EventTarget::Kind::kProcess:
        ++events_;
        event.target.process().resume();
        break;
      case EventTarget::Kind::kAction:
        if (Action action = actions_.take(event.target.action())) {
          ++events_;
          action();
        }
        break;
    }
  }
}

void LogicalProcess::accept(const Message& message, Site& at) {
  if (message.at == message.bound_for) {
    push(message.key, message.action);
  } else {
    push(message.key, EventTarget{parcel(at, message.bound_for, message.action, message.packets)});
  }
}

Parcel& LogicalProcess::parcel(Site& at, SiteId bound_for, const Action& action, std::uint32_t packets) {
  if (free_parcels_.empty()) return parcels_.emplace_back(at, bound_for, action, packets, free_parcels_);
  Parcel* parcel = free_parcels_.back();
  free_parcels_.pop_back();
  *parcel = Parcel{at, bound_for, action, packets, free_parcels_};
  return *parcel;
}

std::uint64_t LogicalProcess::accounted_bytes() const {
  const std::size_t parcels = parcels_.size() - free_parcels_.size();
  return queue_.size() * sizeof(Event) + (actions_.in_use() + parcels) * sizeof(ActionSlot);
}

}  // namespace parallax::sim
