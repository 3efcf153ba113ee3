#include "models/propagation/broker/dialler.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace parallax::propagation::broker {

void Dialler::begin() {
  pause_ = spec_.initial_pause;
  begin_round();
}

void Dialler::begin_round() {
  ++round_;
  url_ = 0;
  tries_ = 0;
  if (spec_.patience.ns > 0) {
    site_.after(spec_.patience, [this, round = round_] {
      if (round == round_) end_round();
    });
  }
  dial();
}

void Dialler::dial() {
  is_dialling_ = true;
  phone_.dial(url_);
}

void Dialler::succeeded() {
  ++round_;
  is_dialling_ = false;
}

void Dialler::stop() {
  ++round_;
  is_dialling_ = false;
}

void Dialler::failed() {
  assert(is_dialling_);
  is_dialling_ = false;
  last_failure_ = site_.now();
  if (++tries_ >= spec_.tries_per_url) {
    tries_ = 0;
    ++url_;
  }
  if (url_ == urls_) {
    if (spec_.patience.ns == 0) end_round();
    return;
  }
  site_.after(spec_.connect_delay, [this, round = round_] {
    if (round == round_) dial();
  });
}

void Dialler::end_round() {
  ++round_;
  if (std::exchange(is_dialling_, false)) {
    last_failure_ = site_.now();
    phone_.hang_up(url_);
  }
  pause_ = std::min(static_cast<std::int64_t>(spec_.pause_factor) * pause_, spec_.greatest_pause);
  site_.after(pause_, [this, round = round_] {
    if (round == round_) begin_round();
  });
}

}  // namespace parallax::propagation::broker
