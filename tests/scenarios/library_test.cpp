#include "scenarios/library.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "scenarios/first_draft.h"
#include "scenarios/scenario_text.h"
#include "tests/scenarios/sample.h"

namespace parallax::scenarios {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(PARALLAX_SOURCE_DIR) / "scenarios" / "library";

schema::Scenario loaded(const LoadOutcome& outcome) {
  INFO(complaints(outcome));
  REQUIRE(outcome.loaded.has_value());
  return outcome.loaded->scenario;
}

TEST_CASE("the library that the binary carries is the one in the repository") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    files += entry.path().extension() == ".txtpb" && !is_another_message(read_scenario_text(entry.path()).text);
  }
  const std::vector<LibraryEntry> entries = library();
  CHECK(entries.size() == files);
  for (const LibraryEntry& entry : entries) {
    INFO(entry.name);
    const schema::Scenario carried = loaded(load(entry, {}));
    CHECK(carried.DebugString() == loaded(load_file(kFolder / (entry.name + ".txtpb"), {})).DebugString());
    CHECK_FALSE(carried.title().empty());
  }
}

TEST_CASE("a scenario is found by its name, and by its last part where that is one scenario's alone") {
  CHECK(find_in_library("active_active")->name == "deployments/active_active");
  CHECK(find_in_library("clocks/gateway_ahead")->name == "clocks/gateway_ahead");
  CHECK(find_in_library("gateway_ahead")->name == "clocks/gateway_ahead");
  CHECK_FALSE(find_in_library("gateway").has_value());
  CHECK_FALSE(find_in_library("").has_value());
  CHECK_THAT(suggestion_from_library("active_activ"), Catch::Contains("did you mean"));
  CHECK_THAT(suggestion_from_library("clocks/gatway_ahead"), Catch::Contains("did you mean \"clocks/gateway_ahead\"?"));
}

TEST_CASE("scenarios that the binary carries take overrides") {
  const LoadOutcome outcome = load(*find_in_library("active_active"), std::vector<std::string>{"duration=61m"});
  CHECK(loaded(outcome).duration() == "61m");
}

TEST_CASE("a first draft is the library's scenario under another name, with its comments") {
  for (const LibraryEntry& entry : library()) {
    INFO(entry.name);
    schema::Scenario expected = loaded(load(entry, {}));
    expected.set_name("mine");
    CHECK(loaded(load_text("mine.txtpb", draft_from(entry, "mine"), {})).DebugString() == expected.DebugString());
  }
  const std::string text = draft_from(*find_in_library("active_active"), "mine");
  CHECK_THAT(text, Catch::StartsWith("# Begun with: parallax init --from deployments/active_active\n"));
  CHECK_THAT(text, Catch::Contains("\nname: \"mine\"\n"));
  CHECK_THAT(text, Catch::Contains("# GoldenGate: the data pump and Replicat each look for news every second"));
}

TEST_CASE("a first draft of a scenario that extends another is written out") {
  const LibraryEntry entry{
      "clocks/own",
      "# Slower.\nname: \"own\" extends: \"../deployments/active_active.txtpb\" remove: \"expectations\"\n"
      "# Over a cable.\nlinks { from: \"us-east\" to: \"us-west\" loss: 0.5 }\n"};
  schema::Scenario expected = loaded(load(entry, {}));
  expected.set_name("mine");
  const std::string text = draft_from(entry, "mine");
  INFO(text);
  CHECK(loaded(load_text("mine.txtpb", text, {})).DebugString() == expected.DebugString());
  CHECK_THAT(text, !Catch::Contains("extends"));
  CHECK_THAT(text, Catch::Contains("# Over a cable.\nlinks {\n  from: \"us-east\""));
  CHECK_THAT(text, Catch::Contains("# GoldenGate: the data pump and Replicat each look for news every second "
                                   "(EOFDELAY, default 1 s).\nreplications {"));
}

TEST_CASE("a first draft over places is right as it stands") {
  const std::vector<std::string> three{"eu", "us", "asia"};
  const schema::Scenario scenario = loaded(load_text("mine.txtpb", draft_over(three, "mine"), {}));
  CHECK(scenario.name() == "mine");
  CHECK(scenario.sites_size() == 3);
  CHECK(scenario.replications_size() == 3);
  CHECK(scenario.links_size() == 3 + 3 * 3);
  CHECK(scenario.faults(0).site_down().site() == "asia");
  // Ireland to Virginia 70.5 ms, to Singapore 186.6 ms; Singapore to Virginia 235.8 ms.
  const auto& prefers = scenario.regions(2).prefers();
  CHECK(std::vector<std::string>(prefers.begin(), prefers.end()) == std::vector<std::string>{"asia", "eu", "us"});
  CHECK(scenario.links(0).delay().measured().from() == "eu-west-1");
  CHECK(scenario.links(0).delay().measured().to() == "us-east-1");
}

}  // namespace
}  // namespace parallax::scenarios
