#include <catch2/catch.hpp>
#include <string>

#include "reports/findings.h"
#include "reports/run/sections.h"
#include "reports/words.h"
#include "tests/reports/two_sites.h"

namespace parallax::reports::test {
namespace {

bool has(const std::string& html, const std::string& text) { return plain(html).find(text) != std::string::npos; }

schema::Timer& add_timer(schema::Result& result, const std::string& timer, const std::string& path,
                         std::int64_t seconds) {
  schema::Timer& added = *result.add_timers();
  added.set_timer(timer);
  added.set_path(path);
  added.set_length_ns(seconds * kSecond);
  return added;
}

schema::Result with_timers() {
  schema::Result result = two_sites();
  schema::Timer& ttl = add_timer(result, "token_cache_ttl", "sites[<east>].gateway.token_cache.ttl", 900);
  ttl.set_awaited(3);
  ttl.add_awaited_by("token_revoked");
  add_timer(result, "token_cleaner", "sites[west].database.cleans_revoked_tokens", 0);
  add_timer(result, "quota_window", "catalog.tiers[gold].limit", 60).set_fired(417);
  return result;
}

}  // namespace

TEST_CASE("each timer is told with its length, how often it fired and what waited for it") {
  const std::string html = timers_section(with_timers());
  CHECK(has(html, "2 of 3 timers never fired, and for 1 something waited at the end"));
  CHECK(has(html, "sites[&lt;east&gt;].gateway.token_cache.ttl"));
  CHECK(has(html, "15 min"));
  CHECK(has(html, "3: revoked tokens"));
  CHECK(has(html, "at each write"));
  CHECK(has(html, ">417<"));
}

TEST_CASE("where every timer fired the heading says so, and without timers there is no section") {
  schema::Result result = with_timers();
  for (auto& timer : *result.mutable_timers()) timer.set_fired(1);
  CHECK(has(timers_section(result), "Every timer fired"));
  result.clear_timers();
  CHECK(timers_section(result).empty());
}

TEST_CASE("a verdict for want of time names the timer") {
  CHECK(plain(reason_words("timer_never_fired", with_timers())) ==
        "no run lasted until sites[<east>].gateway.token_cache.ttl (15 min) fired, and what the target speaks about "
        "rests on it");
  CHECK(reason_words("timer_never_fired", two_sites()) == "the run is shorter than a timer that matters");
}

}  // namespace parallax::reports::test
