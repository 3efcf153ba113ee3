#include "cli/command_line.h"

#include <catch2/catch.hpp>

#include "scenarios/units.h"

namespace parallax::cli {
namespace {

TEST_CASE("a shell reads a word back as it was") {
  CHECK(shell_word("a/b.txtpb") == "a/b.txtpb");
  CHECK(shell_word("seeds=3") == "seeds=3");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("two words") == "'two words'");
  CHECK(shell_word("sites[dc].name=x") == "'sites[dc].name=x'");
  CHECK(shell_word("it's") == "'it'\\''s'");
}

TEST_CASE("the command names what shapes the result and nothing else") {
  RunArguments arguments;
  arguments.jobs = 8;
  arguments.threads = 4;
  arguments.out = "somewhere";
  CHECK(reproducing_command(arguments, "pair.txtpb") == "parallax run pair.txtpb");
  arguments.seed = 7;
  arguments.overrides = {"sites[dc].gateway.token_cache.ttl=60s", "duration=5m"};
  CHECK(reproducing_command(arguments, "pair.txtpb") ==
        "parallax run pair.txtpb --seed 7 --set 'sites[dc].gateway.token_cache.ttl=60s' --set duration=5m");
  arguments.seed.reset();
  arguments.seeds = 30;
  arguments.overrides.clear();
  CHECK(reproducing_command(arguments, "a pair.txtpb") == "parallax run 'a pair.txtpb' --seeds 30");
}

TEST_CASE("limits shape the result, so the command names them as they can be read again") {
  RunArguments arguments;
  arguments.limits = {5'000, sim::seconds(90), 3 * 1'024};
  CHECK(reproducing_command(arguments, "x") ==
        "parallax run x --max-events 5000 --max-virtual-time 90s --max-memory 3KiB");
  CHECK(scenarios::parse_duration("90s").value == sim::seconds(90));
  CHECK(scenarios::parse_bytes("3KiB").value == 3U * 1'024);
}

TEST_CASE("a suite's command names what shapes its verdict, and no place of a report") {
  CheckArguments arguments;
  arguments.paths = {"a folder", "b.txtpb"};
  arguments.run.seeds = 30;
  arguments.run.jobs = 4;
  arguments.junit = "j.xml";
  arguments.baseline = "h.jsonl";
  arguments.bless = "why";
  arguments.inconclusive = CheckArguments::Inconclusive::counts_as_failure;
  CHECK(reproducing_command(arguments) == "parallax check 'a folder' b.txtpb --seeds 30 --baseline h.jsonl --strict");
}

}  // namespace
}  // namespace parallax::cli
