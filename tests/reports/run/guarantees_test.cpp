#include <catch2/catch.hpp>
#include <string>

#include "reports/run/run_text.h"
#include "reports/run/sections.h"
#include "reports/words.h"
#include "tests/reports/two_sites.h"

namespace parallax::reports::test {
namespace {

bool has(const std::string& html, const std::string& text) { return plain(html).find(text) != std::string::npos; }

void add_step(schema::GuaranteeSeen& seen, std::int64_t ns, const std::string& place, const std::string& text) {
  auto& step = *seen.add_witness();
  step.set_time_ns(ns);
  step.set_place(place);
  step.set_text(text);
}

// Broken in two seeds, 40 and 2 times; the second one's witness is shorter by 1 ms.
schema::Result stepped_back() {
  schema::Result result = two_sites();
  add_metric(result, "session.read_your_writes.count", "requests", 0, 0, 1, 2'000'000);
  add_metric(result, "session.monotonic_reads.count", "requests", 21, 40, 1, 2'000'000);
  add_metric(result, "session.monotonic_writes.count", "rows", 0, 0, 1, 0);
  for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}}) {
    auto& seen = *result.add_guarantees();
    seen.set_seed(seed);
    seen.set_guarantee("monotonic_reads");
    seen.set_broken(seed == 1 ? 40 : 2);
    add_step(seen, 60 * kSecond, "east/node-1", "let token 17 through on version 3 of it");
    add_step(seen, 60 * kSecond + static_cast<std::int64_t>(3 - seed) * kMillisecond, "west/<b>",
             "refused token 17 on version 0 of it");
  }
  return result;
}

}  // namespace

TEST_CASE("guarantees are told with how often each was broken and the shortest proof") {
  const std::string html = guarantees_section(stepped_back());
  CHECK(has(html, "Clients did not see their own changes in 0 calls, and stepped back in time in 42 calls"));
  CHECK(has(html, "<b>1 min 00 s</b> <bdi>east/node-1</bdi> let token 17 through on version 3 of it"));
  CHECK(has(html, "<b>1 ms later</b> <bdi>west/&lt;b&gt;</bdi> refused token 17 on version 0 of it"));
  CHECK(has(html, "seed 2"));
  CHECK_FALSE(has(html, "2 ms later"));
  CHECK(has(html, "2 million calls"));
  CHECK(has(html, "never broken"));
  CHECK(has(html, "no case"));
  CHECK_FALSE(has(html, "Changes before their reasons"));  // there is no metric of it
}

TEST_CASE("on a terminal each guarantee is one line") {
  schema::Result result = stepped_back();
  for (auto& seen : *result.mutable_guarantees()) seen.set_text("01:00.000 east let it through; 1 ms later not");
  CHECK_THAT(summary(result), Catch::Contains("\nSessions\n  Steps back in time, 42 times: 01:00.000 east let it "
                                              "through; 1 ms later not\n    [seed 2]\n"));
  result.clear_guarantees();
  CHECK_THAT(summary(result), !Catch::Contains("Sessions"));
}

TEST_CASE("where nobody stepped back there is one sentence, and where nobody looked there is none") {
  schema::Result result = stepped_back();
  result.clear_guarantees();
  CHECK(has(guarantees_section(result), "Clients saw their own changes, and never stepped back in time"));
  CHECK(guarantees_section(two_sites()).empty());
}

TEST_CASE("orders of changes alone are a heading of their own") {
  schema::Result result = stepped_back();
  for (auto& seen : *result.mutable_guarantees()) seen.set_guarantee("monotonic_writes");
  CHECK(has(guarantees_section(result), "Changes were out of order in 42 database rows"));
}

// 8 of 10 calls under 64 ms are refused elsewhere, 1 of 100 under 128 ms, none later; at home none is.
TEST_CASE("refusals by the age of a token are told in one sentence and a table") {
  schema::Result result = two_sites();
  const auto add = [&](const char* where, std::int64_t begin_ms, std::uint64_t asked, std::uint64_t refused) {
    auto& use = *result.add_token_uses();
    use.set_where(where);
    use.set_begin_ns(begin_ms * kMillisecond);
    if (begin_ms < 2'000'000) use.set_end_ns(2 * begin_ms * kMillisecond);
    use.set_asked(asked);
    use.set_refused(refused);
  };
  CHECK_FALSE(has(sessions_section(result), "How old a token must be"));
  add("same_site", 32, 50, 0);
  CHECK_FALSE(has(sessions_section(result), "issued in the run"));  // nobody called another site
  add("other_site", 32, 10, 0);
  CHECK(has(sessions_section(result),
            "Of 10 calls at another site with tokens that were issued in the run none was refused."));
  CHECK_FALSE(has(sessions_section(result), "How old a token must be"));
  result.mutable_token_uses(1)->set_refused(8);
  add("other_site", 64, 100, 1);
  add("other_site", 2'097'152, 1'000, 0);
  std::string html = sessions_section(result);
  CHECK(has(html,
            "At another site 80 % of the calls are refused 32 ms to 64 ms after the token's issue; from 128 ms on "
            "none is."));
  CHECK(has(html, "from 34 min 57 s on"));
  CHECK_FALSE(has(html, "Share there"));
  add("same_site", 2'097'152, 10, 5);
  result.mutable_token_uses(3)->set_refused(900);
  html = sessions_section(result);
  CHECK(has(html,
            "At another site 90 % of the calls are refused 34 min 57 s and more after the token's issue; some still "
            "when it is as old as that."));
  CHECK(has(html, "Share there"));
}

}  // namespace parallax::reports::test
