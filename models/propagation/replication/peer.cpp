#include "models/propagation/replication/peer.h"

namespace parallax::propagation::replication {

namespace {

constexpr sim::Duration kAskAgain = sim::seconds(5);  // until an image has come: our assumption

}  // namespace

void Peer::lead(Peer& target, const std::string& name, const StreamSpec& spec,
                const std::vector<domain::Stage>& stage_of_fault, sim::VirtualTime starts) {
  outgoing_.push_back(
      {&target, starts,
       std::make_unique<Stream>(Stream::Party{replica_, power_}, Stream::Party{target.replica_, target.power_}, name,
                                spec, stage_of_fault)});
  Stream* stream = outgoing_.back().stream.get();
  const Incoming incoming{this, stream};
  target.incoming_.push_back(incoming);
  stream->delivery().on_image([&target, incoming] { target.image_came(incoming); });
  if (spec.synchronous != Synchronous::kOff) replica_.add_safekeeper(stream->shipping());
}

void Peer::start() {
  for (const Outgoing& outgoing : outgoing_) {
    if (outgoing.starts == sim::VirtualTime{}) {
      outgoing.stream->start();
    } else {
      outgoing.stream->start_at(outgoing.starts);
    }
  }
}

void Peer::lost() {
  for (const Outgoing& outgoing : outgoing_) outgoing.stream->origin_lost();
  for (const Incoming& incoming : incoming_) incoming.stream->target_lost();
}

void Peer::disk_lost() {
  is_in_step_ = incoming_.empty();
  trusted_ = nullptr;
  for (const Outgoing& outgoing : outgoing_) outgoing.stream->origin_disk_lost();
  for (const Incoming& incoming : incoming_) incoming.stream->target_disk_lost();
}

void Peer::restored() {
  replica_.restarted();
  for (const Outgoing& outgoing : outgoing_) outgoing.stream->origin_restored();
  for (const Incoming& incoming : incoming_) incoming.stream->target_restored();
  ++asking_;
  ask_for_image();
}

void Peer::resynchronise_from(Peer& source) {
  trusted_ = &source;
  for (const Incoming& incoming : incoming_) incoming.stream->delivery().await_image();
  ++asking_;
  ask_for_image();
}

// The one that is trusted, or all sources in turn; again and again until an image has come.
void Peer::ask_for_image() {
  if (!needs_image() || !power_.is_on()) return;
  Peer* source = trusted_ != nullptr ? trusted_ : incoming_[asked_++ % incoming_.size()].source;
  replica_.site().send(source->replica_.site().id(), [this, source] { source->send_image_to(*this); });
  replica_.site().after(kAskAgain, [this, life = power_.life(), asking = asking_] {
    if (!power_.outlived(life) && asking == asking_) ask_for_image();
  });
}

void Peer::send_image_to(Peer& asker) {
  if (!power_.is_on() || !is_in_step_) return;
  for (const Outgoing& outgoing : outgoing_) {
    if (outgoing.target == &asker) outgoing.stream->shipping().send_image();
  }
}

// An image that is not from the one that is trusted, of a stream that starts meanwhile, does not end the wait for that.
void Peer::image_came(const Incoming& from) {
  is_in_step_ = true;
  if (trusted_ != nullptr && trusted_ != from.source) return from.stream->delivery().await_image();
  trusted_ = nullptr;
  for (const Incoming& incoming : incoming_) {
    if (incoming.stream != from.stream) incoming.stream->delivery().image_came_from_elsewhere();
  }
}

}  // namespace parallax::propagation::replication
