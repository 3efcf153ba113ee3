#include "scenarios/compile_artifacts.h"

#include <array>

#include "models/propagation/artifacts/poller.h"
#include "scenarios/checked_text.h"

namespace parallax::scenarios {

namespace artifacts = propagation::artifacts;

std::span<const std::string> startup_profile_words() {
  static const std::array<std::string, 2> kWords{"asynchronous", "synchronous"};
  return kWords;
}
std::span<const std::string> ready_when_words() {
  static const std::array<std::string, 3> kWords{"at_once", "first_api", "all"};
  return kWords;
}
std::span<const std::string> on_disk_words() {
  static const std::array<std::string, 2> kWords{"nothing", "last_good"};
  return kWords;
}
std::span<const std::string> in_vain_words() {
  static const std::array<std::string, 2> kWords{"comes_up", "starts_over"};
  return kWords;
}

std::span<const std::string> mount_words() {
  static const std::array<std::string, 2> kWords{"hard", "soft"};
  return kWords;
}
std::span<const std::string> half_words() {
  static const std::array<std::string, 2> kWords{"served", "not_seen"};
  return kWords;
}

namespace {

using Way = world::FilesConfig::Way;

// Checking in and updating are over HTTP; a new connection each time.
void compile_svn(const schema::Svn& svn, world::FilesConfig& config) {
  config.way = Way::kSvn;
  config.commits = svn.commits();
  config.period = duration(svn.mirror_period());
  config.check_in_time = duration(svn.check_in_time());
  const auto in_seconds = [](const std::string& text) {
    return static_cast<std::uint32_t>(duration(text).ns / sim::seconds(1).ns);
  };
  config.task = {duration(svn.interval()), in_seconds(svn.least_without_word()),
                 in_seconds(svn.greatest_without_word())};
}

void compile_mount(const schema::Mount& mount, world::FilesConfig& config) {
  config.way = Way::kFolder;
  config.period = duration(mount.scan());
  config.after_failure = artifacts::mounted_scan().after_failure;
  config.request = mount.kind() == "soft" ? artifacts::soft_mount() : artifacts::hard_mount();
}

void compile_server(const schema::ArtifactServer& server, world::FilesConfig& config) {
  config.way = Way::kFolder;
  config.period = duration(server.period());
  config.request.timeout = duration(server.timeout());
}

void compile_replica(const schema::FileReplica& replica, const Delays& delays, world::FilesConfig& config) {
  config.way = Way::kReplica;
  config.replica.delay.fill(delays(replica.delay()));
  config.replica.scan_interval = duration(replica.scan());
  config.half = word<runtime::HalfDeployment>(half_words(), replica.half());
}

}  // namespace

const std::string& files_of(const schema::Site& site) {
  const schema::Artifacts& given = site.artifacts();
  for (const std::string* of :
       {&given.svn().mirror_of(), &given.mount().of(), &given.server().of(), &given.replica().of()}) {
    if (!of->empty()) return *of;
  }
  return site.name();
}

world::FilesConfig files_config(const schema::Site& site, const SiteNumbers& sites, const Delays& delays) {
  const schema::Artifacts& given = site.artifacts();
  world::FilesConfig config;
  config.of = sites.at(files_of(site));
  if (given.has_svn()) compile_svn(given.svn(), config);
  if (given.has_mount()) compile_mount(given.mount(), config);
  if (given.has_server()) compile_server(given.server(), config);
  if (given.has_replica()) compile_replica(given.replica(), delays, config);
  if (given.has_calls()) {
    config.way = Way::kCalls;
    config.calls.timeout = duration(given.calls().timeout());
  }
  if (!given.has_by_hand()) return config;
  config.way = Way::kByHand;
  config.manual.delay_per_node = delays(given.by_hand().delay());
  config.manual.forgets = given.by_hand().forgets();
  return config;
}

const std::string& starts_from(const schema::Site& site) {
  if (!site.startup().from().empty()) return site.startup().from();
  return site.pull().from().empty() ? site.name() : site.pull().from();
}

world::StartupConfig startup_config(const schema::Site& site, const SiteNumbers& sites) {
  const schema::Startup& given = site.startup();
  world::StartupConfig config;
  config.source = sites.at(starts_from(site));
  artifacts::StartupSpec& spec = config.startup;
  spec.ready_when = word<artifacts::ReadyWhen>(ready_when_words(), given.ready_when());
  spec.on_disk = word<artifacts::OnDisk>(on_disk_words(), given.on_disk());
  spec.in_vain = word<artifacts::InVain>(in_vain_words(), given.in_vain());
  spec.retry = {duration(given.first_pause()), given.pause_factor(), duration(given.greatest_pause()),
                given.retries() == 0 ? artifacts::RetrySpec::kEndless : given.retries()};
  spec.start_over_after = duration(given.start_over_after());
  spec.api_time = duration(given.api_time());
  config.request.timeout = duration(given.timeout());
  return config;
}

}  // namespace parallax::scenarios
