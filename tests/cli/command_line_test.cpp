#include "cli/command_line.h"

#include <catch2/catch.hpp>

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

}  // namespace
}  // namespace parallax::cli
