#include "models/propagation/replication/peer.h"

namespace parallax::propagation::replication {

namespace {

constexpr sim::Duration kAskAgain = sim::seconds(5);  // until an image has come: our assumption

}  // namespace

void Peer::lead(Peer& target, const std::string& name, const StreamSpec& spec,
                const std::vector<domain::Stage>& stage_of_fault) {
  outgoing_.push_back(
      {&target, std::make_unique<Stream>(Stream::Party{replica_, power_}, Stream::Party{target.replica_, target.power_},
                                         name, spec, stage_of_fault)});
  Stream* stream = outgoing_.back().stream.get();
  target.incoming_.push_back({this, stream});
  stream->delivery().on_image([&target, stream] { target.image_came(*stream); });
}

void Peer::start() {
  for (const Outgoing& outgoing : outgoing_) outgoing.stream->start();
}

void Peer::lost() {
  for (const Outgoing& outgoing : outgoing_) outgoing.stream->origin_lost();
  for (const Incoming& incoming : incoming_) incoming.stream->target_lost();
}

void Peer::disk_lost() {
  is_in_step_ = incoming_.empty();
  for (const Outgoing& outgoing : outgoing_) outgoing.stream->origin_disk_lost();
  for (const Incoming& incoming : incoming_) incoming.stream->target_disk_lost();
}

void Peer::restored() {
  replica_.restarted();
  for (const Outgoing& outgoing : outgoing_) outgoing.stream->origin_restored();
  for (const Incoming& incoming : incoming_) incoming.stream->target_restored();
  ask_for_image();
}

void Peer::ask_for_image() {
  if (is_in_step_ || !power_.is_on()) return;
  Peer* source = incoming_[asked_++ % incoming_.size()].source;
  replica_.site().send(source->replica_.site().id(), [this, source] { source->send_image_to(*this); });
  replica_.site().after(kAskAgain, [this, life = power_.life()] {
    if (!power_.outlived(life)) ask_for_image();
  });
}

void Peer::send_image_to(Peer& asker) {
  if (!power_.is_on() || !is_in_step_) return;
  for (const Outgoing& outgoing : outgoing_) {
    if (outgoing.target == &asker) outgoing.stream->shipping().send_image();
  }
}

void Peer::image_came(const Stream& from) {
  is_in_step_ = true;
  for (const Incoming& incoming : incoming_) {
    if (incoming.stream != &from) incoming.stream->delivery().image_came_from_elsewhere();
  }
}

}  // namespace parallax::propagation::replication
