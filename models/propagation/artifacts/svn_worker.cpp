#include "models/propagation/artifacts/svn_worker.h"

#include "models/propagation/artifacts/news.h"

namespace parallax::propagation::artifacts {

SvnWorker::SvnWorker(const Place& at, const std::string& name, const SvnTaskSpec& spec, Requester& requester,
                     Sink& sink)
    : at_{at}, requester_{requester}, sink_{sink}, task_{at.site, name, spec, [this] { update(); }} {
  requester.belongs_to(*this);
}

// The run before is not over: this one is missed.
void SvnWorker::update() {
  if (requester_.is_asking()) {
    account_.misses(at_.site.now());
    return task_.update_in_next_run();
  }
  account_.asks(at_.site.now());
  requester_.ask({});
}

void SvnWorker::answered(const Answer& answer) {
  if (answer.status != Status::kOk) return task_.update_in_next_run();
  for (const Artifact& one : news(answer, seen_)) {
    sink_.take({one.api, one.facts, {one.put, account_.passage(one.since)}});
  }
  account_.succeeded();
}

void SvnWorker::lost() {
  task_.stop();
  account_.succeeded();
  requester_.lost();
}

void SvnWorker::restored() {
  requester_.restored();
  task_.start();
}

}  // namespace parallax::propagation::artifacts
