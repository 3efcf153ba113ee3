// The table against the reference, on random APIs and targets; and what must hold of any input: an answer, no
// allocation, and no more work than the path and the templates are long.
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "models/logic/routing/route.h"
#include "tests/models/logic/routing/reference.h"
#include "tests/support/allocations.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::routing {
namespace {

using domain::ApiId;
using domain::ResourceId;
using testing::check;
using testing::pick;

/// Few texts, so that they meet; two share their first fifteen bytes, two are the same.
constexpr std::array<const char*, 7> kTexts{"a", "b", "c", "1", "%61", "a-long-segment-x", "a-long-segment-y"};

std::string some_text() { return kTexts[pick<std::size_t>(0, kTexts.size())]; }
Verb some_verb() { return kVerbs[pick<std::size_t>(0, kVerbs.size())]; }

std::string some_template() {
  std::string text;
  for (std::size_t i = 0, segments = pick<std::size_t>(0, 5); i < segments; ++i) {
    text += pick(0, 3) == 0 ? "/{x}" : "/" + some_text();
  }
  if (pick(0, 3) == 0) return text + "/*";
  return text.empty() || pick(0, 8) == 0 ? text + "/" : text;
}

ApiRoutes some_api() {
  ApiRoutes api{ApiId{pick<std::uint32_t>(0, 6)}, "/" + some_text(), "", DefaultVersion::kNo, {}};
  if (pick(0, 3) == 0) api.context += "/" + some_text();
  if (pick(0, 4) != 0) api.version = some_text();
  if (pick(0, 2) == 0) api.is_default = DefaultVersion::kYes;
  for (std::uint32_t i = 0, resources = pick<std::uint32_t>(0, 12); i < resources; ++i) {
    api.resources.push_back({some_template(), some_verb(), ResourceId{i}});
  }
  return api;
}

std::string some_target() {
  std::string target = pick(0, 10) == 0 ? "https://host" : "";
  for (std::size_t i = 0, segments = pick<std::size_t>(0, 8); i < segments; ++i) target += "/" + some_text();
  if (target.empty() || pick(0, 4) == 0) target += "/";
  if (pick(0, 6) == 0) target += "?a/b";
  return target;
}

/// Pieces that mean something somewhere, at random places.
std::string some_hostile_target() {
  constexpr std::array<const char*, 24> kPieces{"/",    "//",  "/..", "/.",  "%2f",     "%2e", "%2E%2e", "%252e",
                                                "%00",  "%",   "%2",  ";",   "\\",      "?",   "#",      "\xc3\xa9",
                                                "\xc0", "%af", "%c3", "%A9", "http://", "%25", " ",      "\x01"};
  std::string target = pick(0, 8) == 0 ? "" : "/";
  for (std::size_t i = 0, pieces = pick<std::size_t>(0, 10); i < pieces; ++i) {
    target += pick(0, 2) == 0 ? some_text() : kPieces[pick<std::size_t>(0, kPieces.size())];
  }
  return target;
}

std::string some_bytes() {
  std::string bytes = pick(0, 2) == 0 ? "/" : "";
  for (std::size_t i = 0, size = pick<std::size_t>(0, 60); i < size; ++i) bytes += static_cast<char>(pick(0, 256));
  return bytes;
}

VerbSet some_verbs() {
  VerbSet verbs{some_verb()};
  if (pick(0, 3) == 0) verbs.insert(some_verb());
  return verbs;
}

TEST_CASE("the table agrees with the reference, also after adding and removing") {
  check("routing", 400, [] {
    RouteTable table;
    PlainRoutes plain;
    for (std::size_t step = 0, steps = pick<std::size_t>(1, 20); step < steps; ++step) {
      if (pick(0, 4) == 0) {
        const ApiId api{pick<std::uint32_t>(0, 6)};
        table.remove(api);
        plain.remove(api);
      } else {
        const ApiRoutes routes = some_api();
        RC_ASSERT(table.add(routes).fault == plain.add(routes));
      }
      for (int i = 0; i < 20; ++i) {
        const VerbSet wanted = some_verbs();
        const std::string target = i % 4 == 0 ? some_hostile_target() : some_target();
        const Match match = table.match(wanted, target);
        RC_LOG() << "target " << target << '\n';
        RC_ASSERT(match == plain.match(wanted, target));
      }
    }
  });
}

TEST_CASE("a target is refused where the reference refuses it, and read as it reads it") {
  check("paths", 20'000, [] {
    const std::string target = pick(0, 2) == 0 ? some_hostile_target() : some_bytes();
    RequestPath path;
    const bool is_read = path.read(target);
    const auto plain = plain_path(target);
    RC_ASSERT(is_read == plain.has_value());
    if (!is_read) return;
    RC_ASSERT(path.segments().size() == std::min(plain->size(), kSegmentsMax));
    for (std::size_t i = 0; i < path.segments().size(); ++i) RC_ASSERT(path.segments()[i].text() == plain->at(i));
  });
}

RouteTable some_table() {
  RouteTable table;
  for (int i = 0; i < 6; ++i) table.add(some_api());
  return table;
}

TEST_CASE("any bytes get a documented answer") {
  check("any bytes", 3'000, [] {
    const RouteTable table = some_table();
    CorsOptions options;
    options.enabled = pick(0, 2) == 0;
    const std::string method = pick(0, 2) == 0 ? std::string{name_of(some_verb())} : some_bytes();
    const std::string target = pick(0, 2) == 0 ? some_target() : some_bytes();
    const std::string origin = some_bytes();
    const Cors cors{options};
    const Routed routed = route(table, cors, {method, target, origin, method, origin});
    using enum domain::Outcome;
    const std::array documented{kAdmitted, kPreflight, kApiUnknown, kResourceUnknown, kVerbUnknown, kResourceForbidden};
    RC_ASSERT(std::find(documented.begin(), documented.end(), routed.outcome) != documented.end());
    const bool has_resource = routed.match.resource != domain::kNoResource;
    RC_ASSERT(has_resource == (routed.match.found == Found::kResource));
    RC_ASSERT((routed.match.api != domain::kNoApi) == (routed.match.found != Found::kNothing));
  });
}

TEST_CASE("deciding asks for no memory") {
  if (!testing::kCountsAllocations) return;
  check("allocations", 300, [] {
    const RouteTable table = some_table();
    CorsOptions options;
    options.allowed_origins = {"https://shop.example.com", "https://a-longer-origin.example.com:8443"};
    const Cors cors{options};
    const std::string target = pick(0, 2) == 0 ? some_target() : some_hostile_target();
    const std::string long_target = target + "/" + std::string(pick<std::size_t>(0, 10'000), 'a');
    const std::string method{name_of(some_verb())};
    const auto before = testing::allocations();
    route(table, cors, {method, target, options.allowed_origins[1], "GET", "X-One"});
    route(table, cors, {"OPTIONS", long_target, "https://other.example.com", method, "X-One"});
    const auto after = testing::allocations();
    RC_ASSERT(after == before);
  });
}

ApiRoutes one_api(const std::vector<std::string>& templates) {
  ApiRoutes api{ApiId{0}, "/x", "", DefaultVersion::kNo, {}};
  for (const std::string& text : templates) {
    api.resources.push_back({text, Verb::kGet, ResourceId{static_cast<std::uint32_t>(api.resources.size())}});
  }
  return api;
}

TEST_CASE("with two ways at each segment, and all but one dead, work is linear in the length of the path") {
  // A chain of literals, a parameter beside each that leads nowhere: per level the literal and the parameter are
  // visited. Once for the verb, once more to tell 404 from 405, and two nodes of the context.
  std::vector<std::string> templates;
  std::string chain;
  for (std::size_t depth = 1; depth < kSegmentsMax; ++depth) {
    templates.push_back(chain + "/{x}/dead");
    chain += "/a";
    if (depth + 2 >= kSegmentsMax) break;
  }
  RouteTable table;
  REQUIRE(table.add(one_api(templates)).is_good());
  std::string target = "/x";
  for (std::size_t segments = 0; segments < 4'000; ++segments) {
    const std::size_t kept = std::min(segments, kSegmentsMax);
    CHECK(table.visits({Verb::kGet}, target) <= 2 + 2 * (1 + 2 * kept));
    target += "/a";
  }
}

TEST_CASE("work is bounded by the templates where each segment has two ways that both go on") {
  // All 2^6 templates of six segments, each literal or parameter, with the wrong verb: 2^7 - 1 nodes, each visited
  // once in search of the verb and once for those that are declared.
  std::vector<std::string> templates;
  for (unsigned bits = 0; bits < 64; ++bits) {
    std::string text;
    for (unsigned i = 0; i < 6; ++i) text += (bits >> i & 1) != 0 ? "/{p}" : "/a";
    templates.push_back(text);
  }
  RouteTable table;
  REQUIRE(table.add(one_api(templates)).is_good());
  CHECK(table.visits({Verb::kPut}, "/x/a/a/a/a/a/a") == 1 + 2 * 127);
  CHECK(table.visits({Verb::kGet}, "/x/a/a/a/a/a/a") == 1 + 7);
}

}  // namespace
}  // namespace parallax::logic::routing
