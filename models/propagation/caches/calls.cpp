#include "models/propagation/caches/calls.h"

#include <utility>

namespace parallax::propagation::caches {

Calls::Calls(sim::Site& site, const CacheClusterSpec& spec, Route route)
    : site_{site},
      retry_pause_{spec.retry_pause},
      route_{std::move(route)},
      timeouts_{
          site, spec.call_timeout,
          [this](std::uint32_t number) { end(number, {.end = CallEnd::kTimedOut, .copy = {}, .at = site_.now()}); }},
      backup_timeouts_{site, spec.backup_timeout,
                       [this](std::uint32_t number) { end(number, {.copy = {}, .at = site_.now()}); }} {}

void Calls::begin(const Message& request, Waiter* waiter) {
  const std::uint32_t number = ++begun_;
  Call& call = calls_.try_emplace(number, Call{request, waiter, {}, Awaits::kAnswer, false, 0}).first->second;
  call.request.call = number;
  call.timeout = timeouts_.begin(number);
  send(call);
}

void Calls::send(Call& call) {
  Message request = call.request;
  call.target = route_(request);
}

void Calls::receive(const Message& message) {
  const auto found = calls_.find(message.call);
  if (found == calls_.end()) return;
  Call& call = found->second;
  if (message.verb == Verb::kBackedUp) {
    call.is_backed_up = true;
    if (call.awaits == Awaits::kBackup) end(message.call, {.copy = {}, .at = message.at});
  } else if (call.awaits == Awaits::kAnswer) {
    answered(message.call, message);
  }
}

void Calls::answered(std::uint32_t number, const Message& message) {
  Call& call = calls_.at(number);
  switch (message.verb) {
    case Verb::kWrongTarget:
      return try_again_later(number);
    case Verb::kFound:
      return end(number, {.copy = message.copy, .at = message.at, .stage = message.stage});
    case Verb::kDoneAndBackedUp:
      if (call.is_backed_up) break;
      call.awaits = Awaits::kBackup;
      call.backup_timeout = backup_timeouts_.begin(number);
      return;
    default:
      break;
  }
  end(number, {.copy = {}, .at = message.at});
}

void Calls::try_again_later(std::uint32_t number) {
  calls_.at(number).target.reset();
  site_.after(retry_pause_, [this, number] {
    const auto found = calls_.find(number);
    if (found != calls_.end() && !found->second.target) send(found->second);
  });
}

void Calls::side_left(SideId side, domain::Stage stage) {
  for (auto& [number, call] : calls_) {
    if (call.awaits != Awaits::kAnswer || call.target != side) continue;
    call.request.stage = stage;
    send(call);
  }
}

void Calls::go_on() {
  for (auto& [number, call] : calls_) {
    if (call.awaits == Awaits::kAnswer && !call.target) send(call);
  }
}

void Calls::lose_all() {
  std::map<std::uint32_t, Call> lost = std::exchange(calls_, {});
  for (const auto& [number, call] : lost) {
    timeouts_.end(call.timeout);
    if (call.awaits == Awaits::kBackup) backup_timeouts_.end(call.backup_timeout);
  }
  for (const auto& [number, call] : lost) {
    if (call.waiter != nullptr) call.waiter->done({.end = CallEnd::kHostLost, .copy = {}, .at = site_.now()});
  }
}

void Calls::end(std::uint32_t number, const Answer& answer) {
  const Call call = calls_.at(number);
  if (timeouts_.find(call.timeout) != nullptr) timeouts_.end(call.timeout);
  if (call.awaits == Awaits::kBackup && backup_timeouts_.find(call.backup_timeout) != nullptr) {
    backup_timeouts_.end(call.backup_timeout);
  }
  calls_.erase(number);
  if (call.waiter != nullptr) call.waiter->done(answer);
}

}  // namespace parallax::propagation::caches
