// A trial in a file of its own takes the place of what each design says itself.
#include "scenarios/trial.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

constexpr std::string_view kTrial = R"(# Half the load, and nothing breaks.
duration: "7m"
workload {
  populations { name: "half" region: "clients" rate: "100/s" }
}
expectations { metric: "window.token_revoked.max" at_most: "30s" }
)";

/// Files in a folder that is gone with it.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_{std::filesystem::temp_directory_path() / name} {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream{path_ / name} << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

std::string lines(const std::vector<Problem>& problems) {
  std::string all;
  for (const Problem& problem : problems) all += to_string(problem) + "\n";
  return all;
}

TEST_CASE("what a trial says stands in place of what a design says, and what it leaves out stays") {
  const Folder folder("parallax-trial-replaces");
  const std::string design = folder.write("pair.txtpb", kSample);
  const TrialOutcome read = read_trial(folder.write("trial.txtpb", kTrial));
  REQUIRE(read.trial.has_value());
  const std::vector<std::string> overrides{"workload.populations[half].rate=50/s"};
  const DesignsOutcome outcome = load_in_trial(std::vector{design}, *read.trial, overrides);
  INFO(lines(outcome.problems));
  REQUIRE(outcome.loaded.size() == 1);
  const schema::Scenario& scenario = outcome.loaded.front().scenario;
  CHECK(scenario.name() == "pair");
  CHECK(scenario.duration() == "7m");
  REQUIRE(scenario.workload().populations_size() == 1);
  CHECK(scenario.workload().populations(0).name() == "half");
  CHECK(scenario.workload().populations(0).rate() == "50/s");  // overrides come last
  CHECK(scenario.workload().writes_size() == 0);
  REQUIRE(scenario.expectations_size() == 1);
  CHECK(scenario.expectations(0).at_most() == "30s");
  CHECK(scenario.faults_size() == 1);  // the design's own
  CHECK(scenario.catalog().apis() == 5);
}

TEST_CASE("what a trial gives comes from a file, not from the command line and not from a default") {
  const Folder folder("parallax-trial-origin");
  const std::string design = folder.write("pair.txtpb", kSample);
  const TrialOutcome read = read_trial(folder.write("trial.txtpb", kTrial));
  const DesignsOutcome outcome = load_in_trial(std::vector{design}, *read.trial, {});
  REQUIRE(outcome.loaded.size() == 1);
  int seen = 0;
  for (const schema::Assumption& assumption : outcome.loaded.front().assumptions) {
    if (assumption.path() == "duration" || assumption.path() == "workload.populations[half].rate") {
      ++seen;
      CHECK(assumption.origin() == "scenario");
    }
    if (assumption.path() == "workload.populations[half].timeout") {
      ++seen;
      CHECK(assumption.origin() == "default");
    }
  }
  CHECK(seen == 3);
}

TEST_CASE("what does not fit a design is told at its place in the trial, and names that design") {
  const Folder folder("parallax-trial-misfit");
  const std::string fits = folder.write("fits.txtpb", kSample);
  const std::string other = with(kSample, "name: \"pair\"", "name: \"other\"");
  const std::string renamed = with(with(other, "region: \"clients\"", "region: \"users\""),
                                   "regions { name: \"clients\"", "regions { name: \"users\"");
  std::string links = renamed;
  while (links.find("from: \"clients\"") != std::string::npos) {
    links = with(links, "from: \"clients\"", "from: \"users\"");
  }
  const std::string lacks = folder.write("lacks.txtpb", links);
  const TrialOutcome read = read_trial(folder.write("trial.txtpb", kTrial));
  REQUIRE(read.trial.has_value());
  const DesignsOutcome outcome = load_in_trial(std::vector{fits, lacks}, *read.trial, {});
  CHECK(outcome.loaded.empty());
  REQUIRE(outcome.problems.size() == 1);
  const Problem& problem = outcome.problems.front();
  CHECK(problem.file == read.trial->file);
  CHECK(problem.line == 4);
  CHECK_THAT(problem.message, Catch::Contains("\"clients\""));
  CHECK_THAT(problem.message, Catch::EndsWith("so it is in " + lacks));
}

TEST_CASE("what is wrong with the trial itself is told once, whatever the designs") {
  const Folder folder("parallax-trial-wrong");
  const std::string one = folder.write("one.txtpb", kSample);
  const std::string two = folder.write("two.txtpb", with(kSample, "name: \"pair\"", "name: \"two\""));
  const TrialOutcome read = read_trial(folder.write("trial.txtpb", with(kTrial, "100/s", "100")));
  REQUIRE(read.trial.has_value());
  const DesignsOutcome outcome = load_in_trial(std::vector{one, two}, *read.trial, {});
  REQUIRE(outcome.problems.size() == 1);
  CHECK(outcome.problems.front().line == 4);
  CHECK_THAT(outcome.problems.front().message, !Catch::Contains("so it is in"));
}

TEST_CASE("a trial is a workload and what goes with it, and no deployment") {
  const Folder folder("parallax-trial-no-deployment");
  const auto refused = [&](std::string_view text) {
    const TrialOutcome outcome = read_trial(folder.write("trial.txtpb", text));
    CHECK_FALSE(outcome.trial.has_value());
    return lines(outcome.problems);
  };
  CHECK_THAT(refused("duration: \"5m\"\n"), Catch::Contains("trial.txtpb:1:1: found no workload"));
  CHECK_THAT(refused(std::string(kTrial) + "sites { name: \"dc\" nodes: \"a\" }\n"),
             Catch::Contains("trial.txtpb:7:1: found \"sites\"; expected duration, workload, catalog, faults, "
                             "expectations"));
  CHECK_THAT(refused(std::string(kTrial) + "worklod {}\n"), Catch::Contains("trial.txtpb:7:1: unknown field"));
  CHECK_THAT(refused(""), Catch::Contains("found an empty file"));
  const TrialOutcome none = read_trial("/nowhere/trial.txtpb");
  CHECK_THAT(lines(none.problems), Catch::StartsWith("/nowhere/trial.txtpb:1:1: cannot be opened"));
}

}  // namespace
}  // namespace parallax::scenarios
