#include <fmt/format.h>

#include <string>

#include "scenarios/check_word.h"
#include "scenarios/compile_artifacts.h"
#include "scenarios/nodes.h"
#include "scenarios/sense.h"
#include "scenarios/wording.h"

namespace parallax::scenarios {
namespace {

void check_startup_words(const schema::Startup& startup, Reporter& reporter) {
  check_word(startup, "profile", startup.profile(), startup_profile_words(), reporter);
  check_word(startup, "ready_when", startup.ready_when(), ready_when_words(), reporter);
  check_word(startup, "on_disk", startup.on_disk(), on_disk_words(), reporter);
  check_word(startup, "in_vain", startup.in_vain(), in_vain_words(), reporter);
}

// What a site without pull says of whom it pulls from is nothing, and neither is asked.
void check_startup(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  const schema::Startup& startup = site.startup();
  check_startup_words(startup, reporter);
  if (!site.has_pull()) {
    reporter.report(startup, fmt::format("gateways of {} do not pull and have their APIs on disk; expected pull {{ }} "
                                         "there, or no startup",
                                         quoted(site.name())));
  }
  const std::string& from = startup.from();
  if (is_region(scenario, from) && !is_site(scenario, from)) {
    reporter.report(startup, "from", fmt::format("{} is a region; expected a site", quoted(from)));
  }
  const schema::Site* source = site_named(scenario, from);
  if (source == nullptr) return;
  if (!has_part(*source, runtime::Part::kControlPlane)) {
    reporter.report(startup, "from",
                    fmt::format("no node of {} is a control plane; expected a site that has one", quoted(from)));
  }
  if (source->database().has_at()) {
    reporter.report(startup, "from",
                    fmt::format("{} has no database of its own; expected a site that has one", quoted(from)));
  }
}

int ways_of(const schema::Artifacts& given) {
  return given.has_svn() + given.has_mount() + given.has_server() + given.has_replica() + given.has_by_hand() +
         given.has_calls();
}

void check_way_words(const schema::Artifacts& given, Reporter& reporter) {
  check_word(given.mount(), "kind", given.mount().kind(), mount_words(), reporter);
  check_word(given.replica(), "half", given.replica().half(), half_words(), reporter);
  const auto least = duration_in(given.svn().least_without_word());
  const auto greatest = duration_in(given.svn().greatest_without_word());
  if (!least || !greatest || *least < *greatest) return;
  reporter.report(given.svn(), "least_without_word",
                  fmt::format("least_without_word {} is not below greatest_without_word {}",
                              quoted(given.svn().least_without_word()), quoted(given.svn().greatest_without_word())));
}

// What it uses of another site has to be there: a repository that is no mirror itself, or a folder.
void check_other_site(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  const schema::Artifacts& given = site.artifacts();
  const std::string& name = files_of(site);
  if (is_region(scenario, name) && !is_site(scenario, name)) {
    return reporter.report(given, fmt::format("{} is a region; expected a site", quoted(name)));
  }
  const schema::Site* other = site_named(scenario, name);
  if (other == nullptr) return;
  if (other->name() == site.name()) {
    if (!given.has_replica() && given.svn().mirror_of().empty()) return;
    return reporter.report(given, fmt::format("{} is to follow itself; expected another site", quoted(name)));
  }
  const bool is_there = given.has_svn() ? other->artifacts().has_svn() && other->artifacts().svn().mirror_of().empty()
                                        : other->has_artifacts() && !other->artifacts().has_svn();
  if (is_there) return;
  reporter.report(given, fmt::format("{} has no {}; expected artifacts {{ {} }} there", quoted(name),
                                     given.has_svn() ? "repository of its own" : "folder",
                                     given.has_svn() ? "svn { }" : "mount { }, server { } or by_hand { }"));
}

void check_files(const schema::Scenario& scenario, const schema::Site& site, Reporter& reporter) {
  const schema::Artifacts& given = site.artifacts();
  if (const int ways = ways_of(given); ways != 1) {
    return reporter.report(given, fmt::format("artifacts in {} ways; expected exactly one of svn, mount, server, "
                                              "replica, by_hand, calls",
                                              ways == 0 ? "no" : "several"));
  }
  check_way_words(given, reporter);
  check_other_site(scenario, site, reporter);
  if (site.has_pull()) {
    reporter.report(given, fmt::format("gateways of {} pull, and have no use for files; expected pull {{ }} or "
                                       "artifacts {{ }}",
                                       quoted(site.name())));
  }
  if (!given.svn().commits() || has_part(site, runtime::Part::kControlPlane)) return;
  reporter.report(given.svn(), "commits",
                  fmt::format("no node of {} is a control plane that could check in", quoted(site.name())));
}

/// Whether what is published at `here` gets to gateways of `there`.
bool gets_to(const schema::Site& here, const schema::Site& there) {
  const schema::Artifacts& theirs = there.artifacts();
  if (theirs.has_by_hand()) return here.artifacts().has_by_hand();
  if (theirs.has_calls()) return here.artifacts().has_calls();
  if (theirs.has_svn()) return here.artifacts().svn().commits() && files_of(here) == files_of(there);
  return !here.artifacts().has_svn() && files_of(there) == here.name();
}

void check_spread_of(const schema::Scenario& scenario, const schema::Write& write, const std::string& from,
                     Reporter& reporter) {
  const schema::Site* source = site_named(scenario, from);
  if (source == nullptr) return;
  for (const schema::Site& site : scenario.sites()) {
    if (site.has_artifacts() != source->has_artifacts()) {
      reporter.report(site, "name",
                      fmt::format("what write {} publishes at {} spreads {}artifacts {{ }}, but {} has {}; expected "
                                  "the same at both",
                                  quoted(write.name()), quoted(from), source->has_artifacts() ? "by " : "without ",
                                  quoted(site.name()), site.has_artifacts() ? "it" : "none"));
      continue;
    }
    if (!site.has_artifacts() || !has_part(site, runtime::Part::kGateway) || gets_to(*source, site)) continue;
    reporter.report(site.artifacts(),
                    fmt::format("what write {} publishes at {} would never get to gateways of {}{}",
                                quoted(write.name()), quoted(from), quoted(site.name()),
                                !site.artifacts().has_svn() ? "; expected a way that leads from there"
                                : &site == source           ? "; expected svn { commits: true }"
                                                  : "; expected svn { commits: true } there, and a mirror here"));
  }
}

// A second publisher has files to write, and the row to change.
void check_again(const schema::Scenario& scenario, const schema::Write& write, Reporter& reporter) {
  const schema::PublishApis& publish = write.publish_apis();
  const schema::Site* other = site_named(scenario, publish.again_at());
  if (other == nullptr) return;
  if (other == site_of(scenario, write)) {
    reporter.report(publish, "again_at",
                    fmt::format("{} is where they are published first; expected another site", quoted(other->name())));
  }
  if (!has_part(*other, runtime::Part::kControlPlane)) {
    reporter.report(
        publish, "again_at",
        fmt::format("no node of {} is a control plane; expected a site that has one", quoted(other->name())));
  }
}

}  // namespace

void check_artifacts(const schema::Scenario& scenario, Reporter& reporter) {
  for (const schema::Write& write : scenario.workload().writes()) {
    if (!write.has_publish_apis() && !write.has_retire_apis()) continue;
    if (const schema::Site* source = site_of(scenario, write)) {
      check_spread_of(scenario, write, source->name(), reporter);
    }
    if (write.publish_apis().again_at().empty()) continue;
    check_spread_of(scenario, write, write.publish_apis().again_at(), reporter);
    check_again(scenario, write, reporter);
  }
  for (const schema::Site& site : scenario.sites()) {
    if (site.has_artifacts()) check_files(scenario, site, reporter);
  }
  for (const schema::Site& site : scenario.sites()) {
    if (site.has_startup()) check_startup(scenario, site, reporter);
  }
}

}  // namespace parallax::scenarios
