#include "models/propagation/counters/group.h"

#include <cassert>
#include <utility>

#include "models/propagation/counters/copies.h"
#include "models/propagation/counters/independent.h"
#include "models/propagation/counters/teaching.h"

namespace parallax::propagation::counters {

namespace {

Line::Owner nobody() {
  return {[] {}, [] {}};
}

}  // namespace

Group::Group(const std::string& name, const CounterSpec& spec, const std::vector<Node>& nodes)
    : name_{name}, spec_{spec}, nodes_{nodes} {
  assert(!nodes.empty());
  switch (spec.sharing) {
    case Sharing::kNothing:
      build_independent();
      break;
    case Sharing::kStore:
      build_store();
      break;
    case Sharing::kCopies:
      build_copies();
      break;
    case Sharing::kLessons:
      build_lessons();
      break;
  }
}

void Group::start() {
  for (const auto& line : lines_) line->start();
}

Line& Group::add_line(std::size_t client, std::size_t server, const std::string& what, Line::Owner at_client,
                      Line::Owner at_server) {
  const std::string name = name_ + "/" + std::to_string(client) + "->" + std::to_string(server) + " " + what;
  lines_.push_back(std::make_unique<Line>(nodes_[client].site, nodes_[server].site, name, spec_.connection,
                                          spec_.reconnect_interval, std::move(at_client), std::move(at_server)));
  return *lines_.back();
}

void Group::build_independent() {
  for (const Node& node : nodes_) {
    limiters_.push_back(std::make_unique<IndependentLimiter>(node.site, spec_, node.asker));
  }
}

void Group::build_store() {
  store_ = std::make_unique<Store>(nodes_[0].site, spec_);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    auto limiter = std::make_unique<AskingLimiter>(nodes_[i].site, spec_, nodes_[i].asker, *store_);
    Line& line = add_line(i, 0, "questions",
                          {[l = limiter.get()] { l->opened(); }, [l = limiter.get()] { l->closed(); }}, nobody());
    limiter->connect(line.client(), line.server());
    limiters_.push_back(std::move(limiter));
  }
}

void Group::build_copies() {
  assert(spec_.tally.measure == logic::throttling::Measure::kAligned);
  auto owned = std::make_unique<CountingLimiter>(nodes_[0].site, spec_, nodes_[0].asker);
  CountingLimiter& counter = *owned;
  limiters_.push_back(std::move(owned));
  for (std::size_t i = 1; i < nodes_.size(); ++i) {
    auto copy = std::make_unique<CopyingLimiter>(nodes_[i].site, spec_, nodes_[i].asker, counter);
    copy->set_end(add_line(i, 0, "counts", {[c = copy.get()] { c->opened(); }, [] {}}, nobody()).client());
    Line& replication = add_line(i, 0, "copy", nobody(), {[&counter, i] { counter.copy_connected(i - 1); }, [] {}});
    counter.add_copy(*copy, replication.server());
    limiters_.push_back(std::move(copy));
  }
}

void Group::build_lessons() {
  std::vector<TeachingLimiter*> teachers;
  for (const Node& node : nodes_) {
    auto limiter = std::make_unique<TeachingLimiter>(node.site, spec_, node.asker);
    teachers.push_back(limiter.get());
    limiters_.push_back(std::move(limiter));
  }
  for (std::size_t i = 0; i < teachers.size(); ++i) {
    for (std::size_t j = i + 1; j < teachers.size(); ++j) {
      TeachingLimiter& a = *teachers[i];
      TeachingLimiter& b = *teachers[j];
      const std::size_t b_at_a = a.peers();
      const std::size_t a_at_b = b.peers();
      Line& line = add_line(i, j, "lessons", {[&a, b_at_a] { a.opened(b_at_a); }, [] {}},
                            {[&b, a_at_b] { b.opened(a_at_b); }, [] {}});
      a.add_peer(b, line.client(), a_at_b);
      b.add_peer(a, line.server(), b_at_a);
    }
  }
}

}  // namespace parallax::propagation::counters
