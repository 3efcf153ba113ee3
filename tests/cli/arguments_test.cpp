#include "cli/arguments.h"

#include <catch2/catch.hpp>

namespace parallax::cli {
namespace {

Request parse(std::vector<const char*> words) {
  words.insert(words.begin(), "parallax");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

TEST_CASE("run takes files, seeds and overrides in any order") {
  const RunArguments run = std::get<RunArguments>(
      parse({"run", "--set", "a=1", "x.txtpb", "--seeds", "quick", "--set", "b=[2]", "y.txtpb", "--jobs", "0"}));
  CHECK(run.files == std::vector<std::string>{"x.txtpb", "y.txtpb"});
  CHECK(run.overrides == std::vector<std::string>{"a=1", "b=[2]"});
  CHECK(run.seeds == 30U);
  CHECK_FALSE(run.seed.has_value());
  CHECK(run.jobs == 0);
  CHECK_FALSE(run.out.has_value());
  CHECK(run.output == RunArguments::Output::files);
}

TEST_CASE("one seed may be any 64-bit number") {
  const RunArguments run = std::get<RunArguments>(parse({"run", "x", "--seed", "18446744073709551615", "--json"}));
  CHECK(run.seed == 18446744073709551615U);
  CHECK(run.output == RunArguments::Output::json);
}

TEST_CASE("numbers of seeds have names") {
  CHECK(seed_count("quick") == 30U);
  CHECK(seed_count("standard") == 300U);
  CHECK(seed_count("deep") == 3'000U);
  CHECK(seed_count("1") == 1U);
  CHECK(seed_count("100000") == 100'000U);
  for (const char* text : {"0", "100001", "-1", "", "3x", " 3", "quickly"}) {
    INFO(text);
    CHECK_FALSE(seed_count(text).has_value());
  }
}

TEST_CASE("limits and threads are read with their units") {
  const RunArguments run = std::get<RunArguments>(parse(
      {"run", "x", "--threads", "0", "--max-events", "1000", "--max-virtual-time", "1m30s", "--max-memory", "512MiB"}));
  CHECK(run.threads == 0);
  CHECK(run.limits.events == 1'000U);
  CHECK(run.limits.virtual_time == sim::seconds(90));
  CHECK(run.limits.memory == 536'870'912U);  // 512 * 1,048,576
  const RunArguments plain = std::get<RunArguments>(parse({"run", "x"}));
  CHECK(plain.threads == 1);
  CHECK_FALSE(plain.limits.events.has_value());
  CHECK_FALSE(plain.limits.virtual_time.has_value());
  CHECK_FALSE(plain.limits.memory.has_value());
}

TEST_CASE("a history is a file, so that it needs a folder") {
  CHECK(std::get<RunArguments>(parse({"run", "x"})).history == RunArguments::History::none);
  CHECK(std::get<RunArguments>(parse({"run", "x", "--history"})).history == RunArguments::History::first_seed);
  CHECK(std::get<ExitCode>(parse({"run", "x", "--history", "--json"})) == ExitCode::usage);
  const RunArguments both = std::get<RunArguments>(parse({"run", "x", "--history", "--json", "--out", "here"}));
  CHECK(both.history == RunArguments::History::first_seed);
}

TEST_CASE("check takes paths, places for its reports, and what run takes of seeds and limits") {
  const CheckArguments check =
      std::get<CheckArguments>(parse({"check", "a", "b.txtpb", "--junit", "j.xml", "--bless", "why", "--strict",
                                      "--seeds", "quick", "--jobs", "0", "--max-events", "1000", "--set", "a=1"}));
  CHECK(check.paths == std::vector<std::string>{"a", "b.txtpb"});
  CHECK(check.junit == "j.xml");
  CHECK_FALSE(check.markdown);
  CHECK(check.bless == "why");
  CHECK(check.inconclusive == CheckArguments::Inconclusive::counts_as_failure);
  CHECK(check.run.seeds == 30U);
  CHECK(check.run.jobs == 0);
  CHECK(check.run.limits.events == 1'000U);
  CHECK(check.run.overrides == std::vector<std::string>{"a=1"});
  CHECK(std::get<ExitCode>(parse({"check", "a", "--bless", " \t"})) == ExitCode::usage);
  CHECK(std::get<ExitCode>(parse({"check"})) == ExitCode::usage);
}

TEST_CASE("a trace is a file too") {
  CHECK(std::get<RunArguments>(parse({"run", "x"})).trace == RunArguments::Trace::none);
  CHECK(std::get<RunArguments>(parse({"run", "x", "--trace"})).trace == RunArguments::Trace::first_seed);
  CHECK(std::get<ExitCode>(parse({"run", "x", "--trace", "--json"})) == ExitCode::usage);
  const RunArguments both = std::get<RunArguments>(parse({"run", "x", "--trace", "--json", "--out", "here"}));
  CHECK(both.trace == RunArguments::Trace::first_seed);
}

TEST_CASE("a journal is printed from one instant to a later one, of one scenario, and nothing besides") {
  const RunArguments run = std::get<RunArguments>(parse({"run", "x", "--seed", "3", "--journal", "61s..1m2s"}));
  REQUIRE(run.journal);
  CHECK(run.journal->from.ns == 61'000'000'000);
  CHECK(run.journal->until.ns == 62'000'000'000);
  CHECK_FALSE(std::get<RunArguments>(parse({"run", "x"})).journal);
  for (const char* wrong : {"61s", "61..62", "62s..61s", "61s..61s", "-1s..1s", "..", "1s..2s..3s"}) {
    INFO(wrong);
    CHECK(std::get<ExitCode>(parse({"run", "x", "--journal", wrong})) == ExitCode::usage);
  }
  CHECK(std::get<ExitCode>(parse({"run", "x", "y", "--journal", "1s..2s"})) == ExitCode::usage);
  CHECK(std::get<ExitCode>(parse({"run", "x", "--journal", "1s..2s", "--json"})) == ExitCode::usage);
  CHECK(std::get<ExitCode>(parse({"run", "x", "--journal", "1s..2s", "--seeds", "2"})) == ExitCode::usage);
}

TEST_CASE("validate takes files and overrides") {
  const ValidateArguments validate = std::get<ValidateArguments>(parse({"validate", "x", "y", "--set", "a=1"}));
  CHECK(validate.files == std::vector<std::string>{"x", "y"});
  CHECK(validate.overrides == std::vector<std::string>{"a=1"});
}

TEST_CASE("explain takes a result, an id, an observer and any number of other values") {
  const ExplainArguments explain = std::get<ExplainArguments>(
      parse({"explain", "--what-if", "a=1", "out", "7/dc/3", "--observer", "dc/b", "--what-if", "b=[2]"}));
  CHECK(explain.result == "out");
  CHECK(explain.id == "7/dc/3");
  CHECK(explain.observer == "dc/b");
  CHECK(explain.what_if == std::vector<std::string>{"a=1", "b=[2]"});
  CHECK_FALSE(std::get<ExplainArguments>(parse({"explain", "out", "7/dc/3"})).observer);
}

TEST_CASE("truth takes the mapping that the binary carries, and all cores, where nobody says otherwise") {
  const TruthArguments truth = std::get<TruthArguments>(parse({"truth"}));
  CHECK_FALSE(truth.mapping);
  CHECK(truth.only.empty());
  CHECK(truth.jobs == 0);
  CHECK(truth.output == TruthArguments::Output::files);
  const TruthArguments other = std::get<TruthArguments>(
      parse({"truth", "mine.txtpb", "--only", "40 ms", "--set", "a=1", "--jobs", "3", "--out", "x", "--json"}));
  CHECK(other.mapping == "mine.txtpb");
  CHECK(other.only == "40 ms");
  CHECK(other.overrides == std::vector<std::string>{"a=1"});
  CHECK(other.jobs == 3);
  CHECK(other.out == "x");
  CHECK(other.output == TruthArguments::Output::json);
}

}  // namespace
}  // namespace parallax::cli
