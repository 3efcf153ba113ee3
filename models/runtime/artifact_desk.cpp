#include "models/runtime/artifact_desk.h"

#include <utility>

namespace parallax::runtime {

using propagation::artifacts::ArtifactPuller;
using propagation::artifacts::Requester;
using propagation::artifacts::Startup;

void ArtifactDesk::pull_from(ArtifactDesk& source, const propagation::artifacts::PullSpec& pull,
                             const propagation::artifacts::RequestSpec& request, const std::string& path,
                             const propagation::broker::StagesOfFaults& stage_of_fault) {
  requester_ = std::make_unique<Requester>(site_, source.site_, source.power_, path + " pulls", request, source.source_,
                                           stage_of_fault);
  source.askers_.push_back(requester_.get());
  requester_->lives_in(power_.standstill());
  puller_ = std::make_unique<ArtifactPuller>(propagation::artifacts::Place{site_, gateway_.node()}, pull, *requester_,
                                             gateway_);
  for (std::size_t i = 0; i < gateway_.catalog().apis.size(); ++i) {
    const auto api = static_cast<domain::ApiId>(i);
    if (gateway_.catalog().apis[i].initially == domain::Standing::kActive) puller_->knows(api);
  }
}

void ArtifactDesk::start_from(ArtifactDesk& source, const propagation::artifacts::StartupSpec& startup,
                              const propagation::artifacts::RequestSpec& request, const std::string& path,
                              const propagation::broker::StagesOfFaults& stage_of_fault) {
  start_requester_ = std::make_unique<Requester>(site_, source.site_, source.power_, path + " starts", request,
                                                 source.source_, stage_of_fault);
  source.askers_.push_back(start_requester_.get());
  start_requester_->lives_in(power_.standstill());
  startup_ =
      std::make_unique<Startup>(propagation::artifacts::Place{site_, gateway_.node()}, startup, *start_requester_,
                                gateway_, static_cast<propagation::artifacts::StartupHost&>(*this));
  on_disk_ = startup.on_disk;
}

void ArtifactDesk::begin_start(const propagation::artifacts::Journey& since, std::function<void()> when_ready) {
  when_ready_ = std::move(when_ready);
  for (std::size_t i = 0; i < gateway_.catalog().apis.size(); ++i) {
    const auto api = static_cast<domain::ApiId>(i);
    if (gateway_.serves(api)) puller_->knows(api);
  }
  startup_->begin(since);
}

void ArtifactDesk::load(const StartupData& data, sim::RecordId cause, const domain::Passage& passage) {
  for (std::size_t i = 0; i < data.apis.size(); ++i) {
    const auto api = static_cast<domain::ApiId>(i);
    if (data.apis[i].version != gateway_.deployed(api)) gateway_.deploy(api, data.apis[i], cause, passage);
    if (data.apis[i].standing == domain::Standing::kActive) puller_->knows(api);
  }
}

void ArtifactDesk::lost(propagation::broker::HostLoss how) {
  if (puller_) puller_->lost();
  if (startup_) startup_->lost();
  for (Requester* asker : askers_) asker->source_lost(how);
}

void ArtifactDesk::restored() {
  if (puller_) puller_->restored();
  if (startup_) startup_->restored();
  for (Requester* asker : askers_) asker->source_restored();
}

}  // namespace parallax::runtime
