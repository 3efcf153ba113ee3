#include "models/propagation/artifacts.h"

#include "models/propagation/ticks.h"

namespace parallax::propagation {

using domain::Stage;

ArtifactStore::ArtifactStore(sim::Site& site, const domain::Catalog& catalog, sim::Duration scan_interval)
    : site_{site}, scan_interval_{scan_interval} {
  for (const auto& api : catalog.apis) artifacts_.push_back({domain::initial_version(api.initially), api.initially});
}

void ArtifactStore::add_reader(Deployer& gateway, const sim::Power& power, const std::string& path) {
  readers_.push_back({&gateway, &power, draw_phase(site_, path + " deployment scan", scan_interval_)});
}

void ArtifactStore::arrive(domain::ApiId api, const logic::gateway::ApiFacts& facts, sim::RecordId cause,
                           domain::NodeId at, const domain::Passage& passage) {
  if (facts.version <= artifacts_[domain::index(api)].version) return;
  artifacts_[domain::index(api)] = facts;
  const domain::Hop hop{at, domain::ObjectRef::of(api), passage};
  const sim::RecordId arrived = site_.record(hop.pack(), cause);
  for (const Reader& reader : readers_) {
    const sim::VirtualTime next = next_tick(site_.now(), reader.phase, scan_interval_);
    site_.at(next, [this, &reader, api, arrived, now = site_.now()] { scan(reader, api, arrived, now); });
  }
}

void ArtifactStore::scan(const Reader& reader, domain::ApiId api, sim::RecordId cause, sim::VirtualTime arrived) {
  const logic::gateway::ApiFacts& facts = artifacts_[domain::index(api)];
  if (!reader.power->is_on() || facts.version <= reader.gateway->deployed(api)) return;
  reader.gateway->deploy(api, facts, cause, {Stage::kNone, Stage::kDeploymentScan, arrived});
}

void ArtifactStore::load_into(Deployer& gateway, sim::RecordId cause, const domain::Passage& passage) const {
  for (std::size_t i = 0; i < artifacts_.size(); ++i) {
    const auto api = static_cast<domain::ApiId>(i);
    if (artifacts_[i].version > gateway.deployed(api)) gateway.deploy(api, artifacts_[i], cause, passage);
  }
}

}  // namespace parallax::propagation
