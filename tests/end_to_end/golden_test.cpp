// The same scenario and seed give the same journal, bit for bit: on any compiler, optimisation level and machine
// (fingerprints.txt is one for all presets), and twice in one process. On the way, for the first seed of every
// scenario: the audit's books balance, and are the same where the single copy decides every request again.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "models/audit/audit.h"
#include "models/world/world.h"
#include "scenarios/compile.h"
#include "scenarios/fingerprints.h"
#include "scenarios/load.h"
#include "scenarios/run.h"
#include "sim/process.h"
#include "tests/end_to_end/books.h"
#include "tests/support/library_files.h"
#include "tests/support/sanitized.h"

namespace {

using namespace parallax;

const std::filesystem::path kSource{PARALLAX_SOURCE_DIR};

enum class Model { kSound, kReadsTheClock };

// What a careless model might do: let the wall clock decide when something happens.
sim::Process read_the_clock(sim::Site& site) {
  for (;;) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    co_await site.delay(sim::milliseconds(1 + now % 1000));
    site.record({});
  }
}

// Two audits of one journal: as always, and with the single copy judging every decision.
class Audits {
 public:
  explicit Audits(world::World& world)
      : as_always_{world.audit_setup()}, judging_all_{judging_all(world.audit_setup())} {
    world.simulation().add_reader([this](std::span<const sim::Record> journal) {
      as_always_.read(journal);
      judging_all_.read(journal);
    });
  }

  void check(sim::VirtualTime end) {
    const audit::Findings findings = as_always_.finish(end);
    test::check_books(findings);
    test::check_same(findings, judging_all_.finish(end));
  }

 private:
  static audit::Setup judging_all(audit::Setup setup) {
    setup.judges_all = true;
    return setup;
  }

  audit::Audit as_always_;
  audit::Audit judging_all_;
};

std::string fingerprint(const std::string& scenario, std::uint64_t seed, Model model = Model::kSound) {
  const auto file = kSource / "scenarios" / "library" / (scenario + ".txtpb");
  const auto outcome = scenarios::load_file(file, {});
  INFO((outcome.problems.empty() ? "" : to_string(outcome.problems.front())));
  REQUIRE(outcome.loaded);
  const world::WorldConfig config =
      scenarios::compile(scenarios::settle(outcome.loaded->scenario, seed).scenario, seed);
  world::World world{config};
  scenarios::Fingerprints fingerprints{config.sites.size()};
  world.simulation().add_reader([&](std::span<const sim::Record> journal) { fingerprints.read(journal); });
  std::optional<Audits> audits;
  if (seed == 1 && model == Model::kSound) audits.emplace(world);
  if (model == Model::kReadsTheClock) read_the_clock(world.simulation().site(sim::SiteId{0}));
  world.run();
  if (audits) audits->check(world.simulation().now());
  return to_hex(fingerprints.total());
}

// Under a sanitizer a run takes ten times as long, and further seeds take the same ways.
constexpr bool kOneSeedEach = testing::kIsSanitized;

struct Golden {
  std::string scenario;
  std::uint64_t seed;
  std::string fingerprint;
};

std::vector<Golden> read_goldens() {
  std::ifstream file{kSource / "tests" / "end_to_end" / "fingerprints.txt"};
  REQUIRE(file);
  std::vector<Golden> goldens;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    Golden golden;
    std::istringstream{line} >> golden.scenario >> golden.seed >> golden.fingerprint;
    goldens.push_back(golden);
  }
  return goldens;
}

}  // namespace

TEST_CASE("every main deployment of the library has three golden fingerprints, every other scenario one") {
  std::size_t expected = 0;
  for (const auto& file : test::library_files()) {
    expected += file.parent_path().filename() == "deployments" ? 3U : 1U;
  }
  CHECK(read_goldens().size() == expected);
}

TEST_CASE("each scenario and seed gives its golden fingerprint") {
  for (const Golden& golden : read_goldens()) {
    if (kOneSeedEach && golden.seed > 1) continue;
    INFO(golden.scenario << " seed " << golden.seed);
    CHECK(fingerprint(golden.scenario, golden.seed) == golden.fingerprint);
  }
}

TEST_CASE("a second run in one process gives the same fingerprint") {
  for (const char* scenario : {"deployments/standalone_pair", "deployments/active_active"}) {
    INFO(scenario);
    CHECK(fingerprint(scenario, 1) == fingerprint(scenario, 1));
  }
}

// Hidden: CTest runs it by its tag and expects it to fail.
TEST_CASE("a model that reads the clock gives the same fingerprint twice", "[.][canary]") {
  CHECK(fingerprint("deployments/clustered_pair", 1, Model::kReadsTheClock) ==
        fingerprint("deployments/clustered_pair", 1, Model::kReadsTheClock));
}
