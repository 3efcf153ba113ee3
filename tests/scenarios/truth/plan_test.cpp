// What the files of the comparison may say: nothing measured is left out, and what is wrong is told with its place.
#include "scenarios/truth/plan.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/scenarios/truth/simulated.h"

namespace parallax::scenarios::truth {

namespace {

namespace fs = std::filesystem;

const std::string kRow =
    "rows { setting: \"SETTING\" quantity: \"round trip\" unit: \"ms\" n: 3 draws: 3 mean { value: 80 low: 80 high: 81 "
    "} "
    "p50 { value: 80 low: 80 high: 81 } p95 { value: 81 low: 80 high: 81 } max { value: 81 } "
    "quantiles: [80, 80, 81] }\n";

const std::string kMapping =
    "groups { title: \"Link\" measured: \"measured.txtpb\" testbed: \"bench.txtpb\" mechanism: \"there and back\" "
    "seeds: 1 experiments: 2 readings { quantity: \"round trip\" } settings { name: \"40 ms\" } }\n";

/// A folder with the files of a small comparison.
class Folder {
 public:
  Folder() {
    fs::remove_all(path_);
    fs::create_directories(path_);
    write("measured.txtpb", head() + row("40 ms"));
    write("bench.txtpb", "title: \"Link\" ping { way { one_way: \"40ms\" } }\n");
    write("truth.txtpb", kMapping);
  }
  ~Folder() { fs::remove_all(path_); }

  static std::string head() {
    return "title: \"Link\" software: \"Linux\" setup: \"ping\" date: \"2026-11\" statistics: \"bootstrap\"\n";
  }
  static std::string row(const std::string& setting) {
    std::string text = kRow;
    return text.replace(text.find("SETTING"), 7, setting);
  }

  void write(const std::string& name, const std::string& text) const { std::ofstream{path_ / name} << text; }

  Plan plan(const std::string& only = "", const std::vector<std::string>& overrides = {}) const {
    return truth::plan(path_ / "truth.txtpb", only, overrides);
  }

  std::string first_problem(const std::vector<std::string>& overrides = {}) const {
    const Plan made = plan("", overrides);
    REQUIRE_FALSE(made.problems.empty());
    return to_string(made.problems.front()).substr(path_.string().size() + 1);
  }

 private:
  fs::path path_{fs::temp_directory_path() / "parallax_plan_test"};
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("the mapping of the library takes every measured row once") {
  const Plan made = plan(test::scenario_file("truth/truth"), "", {});
  INFO((made.problems.empty() ? "" : to_string(made.problems.front())));
  CHECK(made.problems.empty());
  std::size_t rows = 0;
  for (const PlannedGroup& group : made.groups) {
    for (const PlannedSetting& setting : group.settings) rows += setting.rows.size();
  }
  std::size_t measured = 0;
  for (const auto& entry : fs::directory_iterator(test::scenario_file("truth/truth").parent_path() / "measured")) {
    const auto file = read_measured(entry.path());
    REQUIRE(file.message);
    measured += static_cast<std::size_t>(file.message->rows_size());
  }
  CHECK(rows == measured);
  CHECK(rows > 100);
}

TEST_CASE("a plan has the rows that are asked for") {
  const Folder folder;
  CHECK(folder.plan().groups.size() == 1);
  CHECK(folder.plan("40 ms").groups.size() == 1);
  CHECK(folder.plan("Link").groups.size() == 1);
  CHECK(folder.plan("80 ms").groups.empty());
  CHECK(folder.plan("80 ms").problems.empty());
}

TEST_CASE("a measured row that nothing stands for is an error at the row") {
  const Folder folder;
  folder.write("measured.txtpb", Folder::head() + Folder::row("40 ms") + Folder::row("80 ms"));
  const std::string problem = folder.first_problem();
  CHECK(problem.starts_with("measured.txtpb:3:"));
  CHECK(problem.find("\"round trip\" of \"80 ms\" is compared with nothing") != std::string::npos);
}

TEST_CASE("a setting that was not measured is an error that names the nearest") {
  const Folder folder;
  folder.write("truth.txtpb", replaced(kMapping, "\"40 ms\"", "\"40 sm\""));
  const std::string problem = folder.first_problem();
  CHECK(problem.starts_with("truth.txtpb:1:"));
  CHECK(problem.find("did you mean \"40 ms\"?") != std::string::npos);
}

TEST_CASE("a quantity that was not measured of a setting that was is told as such") {
  const Folder folder;
  folder.write("truth.txtpb", replaced(kMapping, "\"round trip\"", "\"round trips\""));
  const std::string problem = folder.first_problem();
  CHECK(
      problem.find("nothing was measured of setting \"40 ms\" that the readings ask for, such as \"round trips\"; did "
                   "you mean \"round trip\"? (quantities: round trip)") != std::string::npos);
}

TEST_CASE("a quantity that a testbed does not know is told once, however many settings there are") {
  const Folder folder;
  folder.write("measured.txtpb", Folder::head() + Folder::row("40 ms") + Folder::row("80 ms"));
  folder.write("truth.txtpb", replaced(replaced(kMapping, "settings {", "settings { name: \"80 ms\" } settings {"),
                                       "readings {", "readings { quantity: \"nonsense\" } readings {"));
  const Plan made = folder.plan();
  REQUIRE(made.problems.size() == 1);
  CHECK(made.problems.front().message.find("unknown quantity \"nonsense\"") != std::string::npos);
}

TEST_CASE("more runs than memory holds are an error at their number") {
  const Folder folder;
  folder.write("truth.txtpb",
               replaced(replaced(kMapping, "seeds: 1", "seeds: 65536"), "experiments: 2", "experiments: 65536"));
  const std::string problem = folder.first_problem();
  CHECK(problem.starts_with("truth.txtpb:1:"));
  CHECK(problem.find("4294967296 runs with those of this group; expected at most 10000000 in all") !=
        std::string::npos);
  folder.write("truth.txtpb",
               replaced(replaced(kMapping, "seeds: 1", "seeds: 100"), "experiments: 2", "experiments: 100000"));
  CHECK(folder.plan().problems.empty());
}

TEST_CASE("the binary carries the mapping of the library and all that it names") {
  const Plan carried = plan(std::nullopt, "", {});
  INFO((carried.problems.empty() ? "" : to_string(carried.problems.front())));
  REQUIRE(carried.problems.empty());
  const Plan on_disk = plan(test::scenario_file("truth/truth"), "", {});
  REQUIRE(carried.groups.size() == on_disk.groups.size());
  for (std::size_t i = 0; i < carried.groups.size(); ++i) {
    CHECK(carried.groups[i].group.SerializeAsString() == on_disk.groups[i].group.SerializeAsString());
    CHECK(carried.groups[i].settings.size() == on_disk.groups[i].settings.size());
    const bool is_scenario = !carried.groups[i].group.scenario().empty();
    CHECK(carried.groups[i].model.starts_with(is_scenario ? "truth/" : "scenarios/truth/testbeds/"));
  }
}

TEST_CASE("a row is compared once") {
  const Folder folder;
  folder.write("truth.txtpb", kMapping + kMapping);
  CHECK(folder.first_problem().find("is compared already") != std::string::npos);
}

TEST_CASE("measured rows must make sense") {
  const Folder folder;
  const std::string row = Folder::row("40 ms");
  const auto problem_with = [&](const std::string& what, const std::string& by) {
    folder.write("measured.txtpb", Folder::head() + replaced(row, what, by));
    return folder.first_problem();
  };
  CHECK(problem_with("unit: \"ms\"", "unit: \"s\"").find("unknown unit \"s\"") != std::string::npos);
  CHECK(problem_with("draws: 3", "draws: 4").find("4 draws of 3 values") != std::string::npos);
  CHECK(problem_with("low: 80 high: 81", "").find("mean has no interval") != std::string::npos);
  CHECK(problem_with("max { value: 81 }", "max { value: 81 low: 80 high: 81 }").find("a greatest value is one draw") !=
        std::string::npos);
  CHECK(problem_with("value: 80", "value: 90").find("not between its low 80 and its high 81") != std::string::npos);
  CHECK(problem_with("[80, 80, 81]", "[81, 80]").find("quantiles are out of order") != std::string::npos);
  CHECK(problem_with("[80, 80, 81]", "[80, inf]").find("quantiles") != std::string::npos);
  CHECK(problem_with("n: 3", "n: 0").find("\"0\" is out of range") != std::string::npos);
  CHECK(problem_with("setting", "settin").find("unknown field \"settin\"") != std::string::npos);
}

TEST_CASE("what a mapping says of models must be so") {
  const Folder folder;
  const auto problem_with = [&](const std::string& what, const std::string& by) {
    folder.write("truth.txtpb", replaced(kMapping, what, by));
    return folder.first_problem();
  };
  CHECK(problem_with("testbed: \"bench.txtpb\"", "").find("has neither; expected a scenario or a testbed") !=
        std::string::npos);
  CHECK(problem_with("bench.txtpb", "nothing.txtpb").starts_with("nothing.txtpb:1:1: cannot be opened"));
  CHECK(problem_with("measured.txtpb", "nothing.txtpb").starts_with("nothing.txtpb:1:1: cannot be opened"));
  CHECK(problem_with("name: \"40 ms\"", "name: \"40 ms\" set: \"ping.way.one_wy=1ms\"")
            .find("unknown field \"one_wy\" in Way; did you mean \"one_way\"?") != std::string::npos);
  CHECK(problem_with("name: \"40 ms\"", "name: \"40 ms\" set: \"ping.way.jitter=41ms\"")
            .find("jitter \"41ms\" is more than one_way \"40ms\"") != std::string::npos);
}

TEST_CASE("a testbed must be one, and of a kind") {
  const Folder folder;
  const auto problem_with = [&](const std::string& text) {
    folder.write("bench.txtpb", text);
    return folder.first_problem();
  };
  CHECK(
      problem_with("title: \"Nothing\"").starts_with("bench.txtpb:1:1: 0 of ping, resolver, limiters and revocations"));
  CHECK(problem_with("").starts_with("bench.txtpb:1:1: found an empty file; expected a testbed"));
  CHECK(problem_with("title: \"Link\" ping { way { one_way: \"40\" } }").find("one_way") != std::string::npos);
  CHECK(problem_with("title: \"L\" limiters { profile: \"expres_redis\" one_way: \"1ms\" }")
            .find("did you mean \"express_redis\"?") != std::string::npos);
  CHECK(problem_with(
            "title: \"R\" resolver { way { one_way: \"1ms\" } cut: \"1s\" looks_at: \"b\" groups { name: \"a\" ttl: "
            "\"5s\" } }")
            .find("unknown group \"b\"") != std::string::npos);
}

TEST_CASE("a reading must be one that the scenario can give") {
  const Folder folder;
  const std::string mapping = replaced(kMapping, "testbed: \"bench.txtpb\"",
                                       "scenario: \"" + test::scenario_file("library/truth/cut").string() + "\"");
  const auto problem_with = [&](const std::string& reading) {
    folder.write("truth.txtpb", replaced(mapping, "quantity: \"round trip\"", "quantity: \"round trip\" " + reading));
    return folder.first_problem();
  };
  CHECK(problem_with("of: \"windw\"").find("did you mean \"window\"?") != std::string::npos);
  CHECK(problem_with("of: \"window\" change: \"subscription_added\"").find("observer is missing") != std::string::npos);
  CHECK(problem_with("of: \"window\" change: \"subscription_aded\" observer: \"dc2\"").find("did you mean") !=
        std::string::npos);
  CHECK(problem_with("of: \"visible_after_heal\" change: \"subscription_added\" observer: \"dc2\" fault: \"cuts\"")
            .find("unknown fault \"cuts\"") != std::string::npos);
  CHECK(problem_with("of: \"back_in_service\" fault: \"cut\" node: \"dc1/nod\"").find("did you mean \"dc1/node\"?") !=
        std::string::npos);
}

}  // namespace parallax::scenarios::truth
