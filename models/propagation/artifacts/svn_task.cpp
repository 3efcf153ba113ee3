#include "models/propagation/artifacts/svn_task.h"

#include <algorithm>
#include <utility>

#include "models/propagation/ticks.h"

namespace parallax::propagation::artifacts {

SvnTask::SvnTask(sim::Site& site, const std::string& name, const SvnTaskSpec& spec, std::function<void()> update)
    : site_{site},
      spec_{spec},
      update_{std::move(update)},
      phase_{draw_phase(site, name + " deployment task", spec.interval)},
      stream_{site.stream(name, "updates without word")},
      alarm_{site, [this] { run(); }} {}

std::int64_t SvnTask::runs_without_word() {
  const std::uint32_t wiggle = spec_.greatest_without_word - spec_.least_without_word;
  const auto u = sim::seconds(static_cast<std::int64_t>(spec_.least_without_word + stream_.below(wiggle)));
  return (u.ns + spec_.interval.ns - 1) / spec_.interval.ns;
}

void SvnTask::start() {
  last_run_ = {-1};
  const sim::VirtualTime first = next_run();
  without_word_ = first + runs_without_word() * spec_.interval;
  alarm_.set(first);
}

void SvnTask::stop() {
  without_word_ = sim::kNever;
  alarm_.clear();
}

sim::VirtualTime SvnTask::next_run() const { return next_tick(site_.now(), phase_, spec_.interval); }

sim::VirtualTime SvnTask::run_after_now() const {
  const sim::VirtualTime next = next_run();
  return next == site_.now() ? next + spec_.interval : next;
}

// A run that has already been in this instant has not heard of it.
void SvnTask::update_in_next_run() {
  if (without_word_ == sim::kNever) return;
  const sim::VirtualTime next = last_run_ == site_.now() ? run_after_now() : next_run();
  if (next < alarm_.deadline()) alarm_.set(next);
}

void SvnTask::run() {
  last_run_ = site_.now();
  if (last_run_ >= without_word_) without_word_ = last_run_ + (runs_without_word() + 1) * spec_.interval;
  alarm_.set(without_word_);
  update_();
}

}  // namespace parallax::propagation::artifacts
