#include "models/propagation/artifacts/svn_manager.h"

#include <cassert>
#include <utility>

#include "models/propagation/artifacts/news.h"

namespace parallax::propagation::artifacts {

SvnManager::SvnManager(const Place& at, const std::string& name, const SvnManagerSpec& spec, Requester& requester,
                       Sink& deployed_here, std::function<void()> committed)
    : at_{at},
      spec_{spec},
      requester_{requester},
      deployed_here_{deployed_here},
      committed_{std::move(committed)},
      task_{at.site, name, spec.task, [this] { update(); }} {
  requester.belongs_to(*this);
}

void SvnManager::enter(domain::Stage stage) {
  for (auto& [api, parcel] : edits_) parcel.enter(stage, at_);
}

// --- Checking in

void SvnManager::edit(Parcel parcel) {
  parcel.enter(conflicts_.empty() ? kCommitWait : domain::Stage::kOperator, at_);
  edits_.insert_or_assign(parcel.api, parcel);
  commit_in_next_run(task_.next_run());
}

void SvnManager::commit_in_next_run(sim::VirtualTime run) {
  // What was published as the power went is found when it is back.
  if (!has_power_ || edits_.empty() || std::exchange(commits_soon_, true)) return;
  at_.site.at(run, [this, life = life_] {
    if (life == life_) commit();
  });
}

// A run updates before it checks in; one that is not over leaves the next one out.
void SvnManager::commit() {
  commits_soon_ = false;
  if (doing_ == Doing::kUpdating) {
    commits_when_updated_ = true;
    return;
  }
  if (doing_ == Doing::kCheckingIn) return commit_in_next_run(task_.run_after_now());
  if (edits_.empty() || !conflicts_.empty()) return;
  doing_ = Doing::kCheckingIn;
  at_.site.after(spec_.check_in_time, [this, life = life_] {
    if (life == life_) check_in();
  });
}

void SvnManager::check_in() {
  enter(kTransfer);
  Question question;
  for (const auto& [api, parcel] : edits_) question.check_in.push_back({parcel, working_copy_[api]});
  requester_.ask(std::move(question));
}

void SvnManager::checked_in(const Answer& answer) {
  for (const Artifact& mine : answer.artifacts) {
    working_copy_[mine.api] = mine.number;
    const auto edit = edits_.find(mine.api);
    if (edit != edits_.end() && edit->second.facts.version == mine.facts.version) edits_.erase(edit);
  }
  refused_ += answer.status == Status::kConflict;
  enter(kCommitWait);
  if (answer.status == Status::kOk) committed_();
  finish();
  if (answer.status == Status::kOk || answer.status == Status::kConflict) update();
}

// --- Updating

void SvnManager::update() {
  if (doing_ != Doing::kNothing) {
    if (doing_ == Doing::kUpdating) account_.misses(at_.site.now());
    return task_.update_in_next_run();
  }
  doing_ = Doing::kUpdating;
  account_.asks(at_.site.now());
  requester_.ask({});
}

void SvnManager::updated(const Answer& answer) {
  if (answer.status != Status::kOk) {
    task_.update_in_next_run();
    return finish();
  }
  for (const Artifact& one : news(answer, seen_)) meet(one);
  account_.succeeded();
  finish();
}

// What both have done alike is no conflict: an own commit whose answer was lost.
void SvnManager::meet(const Artifact& theirs) {
  std::uint64_t& number = working_copy_[theirs.api];
  if (theirs.number == number) return;
  const auto edit = edits_.find(theirs.api);
  if (edit == edits_.end()) {
    number = theirs.number;
    return deployed_here_.take({theirs.api, theirs.facts, {theirs.put, account_.passage(theirs.since)}});
  }
  if (edit->second.facts.version == theirs.facts.version) {
    number = theirs.number;
    edits_.erase(edit);
    return;
  }
  conflicts_.insert_or_assign(theirs.api, theirs);
  enter(domain::Stage::kOperator);
}

void SvnManager::resolve(domain::ApiId api, Keep keep) {
  const auto conflict = conflicts_.find(api);
  assert(conflict != conflicts_.end());
  const Artifact theirs = conflict->second;
  conflicts_.erase(conflict);
  working_copy_[api] = theirs.number;
  if (keep == Keep::kTheirs) {
    edits_.erase(api);
    const domain::Passage passage{domain::Stage::kNone, domain::Stage::kOperator, theirs.since};
    deployed_here_.take({api, theirs.facts, {theirs.put, passage}});
  }
  if (!conflicts_.empty()) return;
  enter(kCommitWait);
  commit_in_next_run(task_.next_run());
}

// --- Either

void SvnManager::held_back(domain::Stage by) {
  if (doing_ == Doing::kCheckingIn) return enter(by);
  account_.held_back(by, at_.site.now());
}

void SvnManager::answered(const Answer& answer) {
  if (doing_ == Doing::kCheckingIn) return checked_in(answer);
  updated(answer);
}

void SvnManager::finish() {
  doing_ = Doing::kNothing;
  if (std::exchange(commits_when_updated_, false)) return commit();
  if (conflicts_.empty()) commit_in_next_run(task_.run_after_now());
}

// --- Power

void SvnManager::lost() {
  ++life_;
  has_power_ = false;
  task_.stop();
  account_.succeeded();
  requester_.lost();
  doing_ = Doing::kNothing;
  commits_soon_ = false;
  commits_when_updated_ = false;
  enter(domain::Stage::kSiteDown);
}

void SvnManager::restored() {
  has_power_ = true;
  requester_.restored();
  enter(conflicts_.empty() ? kCommitWait : domain::Stage::kOperator);
  task_.start();
  commit_in_next_run(task_.next_run());
}

}  // namespace parallax::propagation::artifacts
