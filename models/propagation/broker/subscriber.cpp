#include "models/propagation/broker/subscriber.h"

#include <cassert>
#include <utility>

namespace parallax::propagation::broker {

using domain::EventLoss;
using domain::Stage;

Subscriber::Line::Line(Subscriber& subscriber, std::size_t url, Broker& broker, const std::string& name)
    : subscriber_{subscriber},
      url_{url},
      broker_{broker},
      is_local_{broker.site().id() == subscriber.site_.id()},
      session_{broker,
               *this,
               subscriber.node_,
               subscriber.site_.id(),
               subscriber.spec_.topics,
               url == 0 ? Session::Home::kHere : Session::Home::kElsewhere},
      connection_{
          subscriber.site_, broker.site(), name + " url " + std::to_string(url), subscriber.spec_.connection, *this,
          session_} {
  session_.join(connection_.server());
}

void Subscriber::Line::say(void (Session::*what)()) {
  end().send([session = &session_, what] { (session->*what)(); });
}

void Subscriber::Line::connect() {
  is_left_ = false;
  end().close();
  end().connect();
}

void Subscriber::Line::leave() {
  is_left_ = true;
  say(&Session::leave);
}

void Subscriber::Line::receive(const Event& event) {
  subscriber_.heard_ = subscriber_.site_.now();
  Event arrived = event;
  if (const auto& held = end().was_held_back()) spend(arrived, stage_of(held->fault), held->since);
  if (is_local_) return subscriber_.arrive_locally(arrived);
  subscriber_.arrive(arrived);
}

Subscriber::Subscriber(sim::Site& site, domain::NodeId node, const std::string& name, const SubscriberSpec& spec,
                       const std::vector<Broker*>& urls, SubscriberHost& host)
    : site_{site},
      node_{node},
      spec_{spec},
      host_{host},
      dialler_{site, spec.reconnect, urls.size(), *this},
      recent_{spec.event_ids_remembered} {
  assert(!urls.empty());
  for (std::size_t url = 0; url < urls.size(); ++url) {
    lines_.push_back(std::make_unique<Line>(*this, url, *urls[url], name));
  }
}

// --- Connecting

void Subscriber::dial(std::size_t url) {
  if (url == 0) is_failing_back_ = false;
  lines_[url]->connect();
}

void Subscriber::subscribed(std::size_t url) {
  if (current_) {
    assert(is_failing_back_ && url == 0);
    lines_[*current_]->leave();
    begin_absence(*current_);
  } else {
    dialler_.succeeded();
  }
  is_failing_back_ = false;
  current_ = url;
  heard_ = site_.now();
  ++stay_;
  if (spec_.liveness) check_liveness();
  if (url > 0 && spec_.fail_back_interval.ns > 0) fail_back_later();
  Absence absence = absence_;
  absence.last_failure = dialler_.last_failure();
  host_.connected(absence);
}

void Subscriber::line_closed(std::size_t url) {
  if (lines_[url]->is_left()) return;
  if (url == current_) {
    begin_absence(url);
    current_.reset();
    ++stay_;
    return dialler_.begin();
  }
  if (url == 0 && std::exchange(is_failing_back_, false)) return fail_back_later();
  if (const auto refusal = site_.refusal_by(lines_[url]->broker_site())) absence_.by = lines_[url]->stage_of(*refusal);
  dialler_.failed();
}

void Subscriber::begin_absence(std::size_t url) {
  absence_ = {heard_, Stage::kNone, {}};
  if (const auto fault = site_.fault_on_way_to(lines_[url]->broker_site())) absence_.by = lines_[url]->stage_of(*fault);
}

void Subscriber::check_liveness() {
  lines_[*current_]->say(&Session::ping);
  site_.after(spec_.liveness->give_up_after, [this, stay = stay_, asked = site_.now()] {
    if (stay == stay_) give_up_if_silent(asked);
  });
  site_.after(spec_.liveness->interval, [this, stay = stay_] {
    if (stay == stay_) check_liveness();
  });
}

// Equal instants: the answer took no time.
void Subscriber::give_up_if_silent(sim::VirtualTime since) {
  if (heard_ > since) return;
  if (heard_ == since && lines_[*current_]->is_local()) return;
  const std::size_t url = *current_;
  lines_[url]->end().close();
  line_closed(url);
}

void Subscriber::fail_back_later() {
  site_.after(spec_.fail_back_interval, [this, stay = stay_] {
    if (stay == stay_) try_to_fail_back();
  });
}

void Subscriber::try_to_fail_back() {
  is_failing_back_ = true;
  lines_[0]->connect();
  if (spec_.reconnect.patience.ns == 0) return;
  site_.after(spec_.reconnect.patience, [this, stay = stay_, look = ++looks_back_] {
    if (stay != stay_ || look != looks_back_ || !std::exchange(is_failing_back_, false)) return;
    lines_[0]->end().close();
    fail_back_later();
  });
}

// --- Receiving

void Subscriber::arrive_locally(const Event& event) {
  if (spec_.local_delay.ns == 0) return arrive(event);
  arriving_.push_back(event);
  site_.after(spec_.local_delay, [this, life = life_] {
    if (life != life_) return;
    const Event arrived = arriving_.front();
    arriving_.pop_front();
    arrive(arrived);
  });
}

void Subscriber::arrive(const Event& event) {
  if (recent_.is_repeated(event.id)) return;
  if (!spec_.waits.has(event.topic)) return host_.act_on(event);
  if (queue_.empty() && spec_.event_waiting.ns == 0 && free_ <= site_.now()) return host_.act_on(event);
  queue_.push_back(event);
  settle(queue_.back(), site_, node_);
  spend(queue_.back(), Stage::kEventWaiting, site_.now());
  take();
}

void Subscriber::take() {
  if (queue_.empty() || std::exchange(is_taken_, true)) return;
  const sim::VirtualTime begin = std::max(site_.now(), free_);
  site_.at(begin + spec_.event_waiting, [this, life = life_] {
    if (life == life_) act();
  });
}

void Subscriber::act() {
  is_taken_ = false;
  const Event event = queue_.front();
  queue_.pop_front();
  host_.act_on(event);
  take();
}

// --- Power

void Subscriber::lost(HostLoss how) {
  ++life_;
  ++stay_;
  dialler_.stop();
  if (current_) begin_absence(*current_);
  if (current_) absence_.by = Stage::kSiteDown;
  current_.reset();
  is_failing_back_ = false;
  is_taken_ = false;
  for (const auto& line : lines_) broker::lose(line->end(), how);
  for (const Event& event : queue_) lose(event, site_, node_, EventLoss::kHostDown, Stage::kSiteDown);
  for (const Event& event : arriving_) lose(event, site_, node_, EventLoss::kHostDown, Stage::kSiteDown);
  queue_.clear();
  arriving_.clear();
  recent_.clear();
  free_ = {};
}

void Subscriber::restored() {
  for (const auto& line : lines_) restore(line->end());
  dialler_.begin();
}

}  // namespace parallax::propagation::broker
