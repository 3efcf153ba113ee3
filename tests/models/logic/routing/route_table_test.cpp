#include "models/logic/routing/route_table.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace parallax::logic::routing {
namespace {

using domain::ApiId;
using domain::ResourceId;

constexpr ApiId kApi{7};

/// Resources of one verb under the ids 0, 1, ... in the order given.
ApiRoutes api(const std::string& context, const std::string& version, const std::vector<std::string>& templates,
              ApiId id = kApi) {
  ApiRoutes routes{id, context, version, DefaultVersion::kNo, {}};
  for (const std::string& text : templates) {
    routes.resources.push_back({text, Verb::kGet, ResourceId{static_cast<std::uint32_t>(routes.resources.size())}});
  }
  return routes;
}

ApiRoutes as_default(ApiRoutes routes) {
  routes.is_default = DefaultVersion::kYes;
  return routes;
}

RouteTable table_of(const std::vector<ApiRoutes>& apis) {
  RouteTable table;
  for (const ApiRoutes& routes : apis) REQUIRE(table.add(routes).is_good());
  return table;
}

constexpr int kNoTemplate = -1;  // the API, but no resource
constexpr int kNoApiThere = -2;  // nothing

/// Index of the template that a GET finds, or one of the above.
int found_by(const RouteTable& table, const std::string& target) {
  const Match match = table.match(Verb::kGet, target);
  if (match.found == Found::kNothing) return kNoApiThere;
  return match.found == Found::kResource ? static_cast<int>(match.resource) : kNoTemplate;
}

struct Row {
  std::string target;
  int expected;
};

void check_rows(const RouteTable& table, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.target);
    CHECK(found_by(table, row.target) == row.expected);
  }
}

TEST_CASE("an API answers below its context and version only") {
  const RouteTable table = table_of({api("/t/acme/pizza", "1.0.0", {"/*"})});
  check_rows(table, {{"/t/acme/pizza/1.0.0", 0},
                     {"/t/acme/pizza/1.0.0/", 0},
                     {"/t/acme/pizza/1.0.0/order/42?x=1", 0},
                     {"/t/acme/pizza/1%2E0.0/order", 0},
                     {"https://gateway:8243/t/acme/pizza/1.0.0/order", 0},
                     {"/t/acme/pizza", kNoApiThere},
                     {"/t/acme/pizza/order", kNoApiThere},
                     {"/t/acme/pizza/1.0.00", kNoApiThere},
                     {"/t/acme/pizza/1.0", kNoApiThere},
                     {"/t/acme/pizza1.0.0", kNoApiThere},
                     {"/t/acme/pizz/1.0.0", kNoApiThere},
                     {"/T/acme/pizza/1.0.0", kNoApiThere},
                     {"/t/acme", kNoApiThere},
                     {"/", kNoApiThere},
                     {"*", kNoApiThere}});
}

TEST_CASE("a default version is reachable without its segment, and another version stays apart") {
  const RouteTable table = table_of({as_default(api("/pizza", "2.0.0", {"/menu", "/{any}/menu"}, ApiId{2})),
                                     api("/pizza", "1.0.0", {"/*"}, ApiId{1})});
  CHECK(table.match(Verb::kGet, "/pizza/menu").api == ApiId{2});
  CHECK(table.match(Verb::kGet, "/pizza/2.0.0/menu").api == ApiId{2});
  CHECK(table.match(Verb::kGet, "/pizza/1.0.0/menu").api == ApiId{1});
  check_rows(table, {{"/pizza/menu", 0}, {"/pizza/2.0.0/menu", 0}, {"/pizza/3.0.0/menu", 1}, {"/pizza", kNoTemplate}});
}

TEST_CASE("an API without a version answers below its context") {
  const RouteTable table = table_of({api("/pizza", "", {"/", "/order"})});
  check_rows(table, {{"/pizza", 0}, {"/pizza/", 0}, {"/pizza/order", 1}, {"/pizza/1.0.0", kNoTemplate}});
}

TEST_CASE("the longest context decides, for good") {
  const RouteTable table = table_of({as_default(api("/pizza", "1.0.0", {"/*"}, ApiId{1})),
                                     as_default(api("/pizza/menu", "1.0.0", {"/today"}, ApiId{2}))});
  CHECK(table.match(Verb::kGet, "/pizza/order").api == ApiId{1});
  CHECK(table.match(Verb::kGet, "/pizza/menus").api == ApiId{1});
  CHECK(table.match(Verb::kGet, "/pizza/menu/today").api == ApiId{2});
  CHECK(table.match(Verb::kGet, "/pizza/menu/1.0.0/today").resource == ResourceId{0});
  const Match other = table.match(Verb::kGet, "/pizza/menu/yesterday");
  CHECK(other == Match{Found::kApi, {}, ApiId{2}, domain::kNoResource});
}

TEST_CASE("templates meet what they say") {
  const RouteTable table = table_of({api("/a", "1", {"/", "/order", "/order/{id}", "/order/{id}/items", "/static/*"})});
  check_rows(table, {{"/a/1", 0},
                     {"/a/1/", 0},
                     {"/a/1/order", 1},
                     {"/a/1/order/", 1},
                     {"/a/1/order?id=2", 1},
                     {"/a/1/%6Frder", 1},
                     {"/a/1/order/42", 2},
                     {"/a/1/order/42/", 2},
                     {"/a/1/order/%7Bid%7D", 2},
                     {"/a/1/order/42/items", 3},
                     {"/a/1/order/42/items/1", kNoTemplate},
                     {"/a/1/order/42/other", kNoTemplate},
                     {"/a/1/orders", kNoTemplate},
                     {"/a/1/Order", kNoTemplate},
                     {"/a/1/static", 4},
                     {"/a/1/static/", 4},
                     {"/a/1/static/a/b/c", 4},
                     {"/a/1/statics/a", kNoTemplate}});
}

TEST_CASE("a literal comes before a parameter and a parameter before a wildcard, whatever their order") {
  const std::vector<std::string> templates{"/*", "/order/*", "/{x}", "/order", "/order/{id}", "/order/7", "/{x}/{y}/*"};
  const std::vector<Row> rows{{"/a", 0},         {"/a/order", 3},     {"/a/other", 2},     {"/a/order/7", 5},
                              {"/a/order/8", 4}, {"/a/order/8/9", 1}, {"/a/other/8/9", 6}, {"/a/other/8", 6}};
  check_rows(table_of({api("/a", "", templates)}), rows);
  const std::size_t last = templates.size() - 1;
  std::vector<Row> turned = rows;
  for (Row& row : turned) row.expected = static_cast<int>(last) - row.expected;
  check_rows(table_of({api("/a", "", {templates.rbegin(), templates.rend()})}), turned);
}

TEST_CASE("what led nowhere is taken back") {
  SECTION("a literal, one level up") {
    const RouteTable table = table_of({api("/api", "", {"/a/{x}/c", "/a/b/d"})});
    check_rows(table, {{"/api/a/b/c", 0}, {"/api/a/b/d", 1}, {"/api/a/x/c", 0}, {"/api/a/x/d", kNoTemplate}});
  }
  SECTION("several levels up") {
    const RouteTable table =
        table_of({api("/api", "", {"/a/b/c/d/e", "/a/b/{x}/d/f", "/a/{x}/c/{y}/g", "/{x}/b/c/d/h"})});
    check_rows(table, {{"/api/a/b/c/d/e", 0},
                       {"/api/a/b/c/d/f", 1},
                       {"/api/a/b/c/d/g", 2},
                       {"/api/a/b/c/d/h", 3},
                       {"/api/a/b/c/d/i", kNoTemplate}});
  }
  SECTION("into a wildcard, the nearest first") {
    const RouteTable table = table_of({api("/api", "", {"/*", "/a/*", "/a/b/c/d", "/a/{x}/e"})});
    check_rows(table, {{"/api/a/b/c/d", 2},
                       {"/api/a/b/c/x", 1},
                       {"/api/a/b/e", 3},
                       {"/api/a/b/c", 1},
                       {"/api/a", 1},
                       {"/api/b/c/d", 0}});
  }
  SECTION("the first segment that differs decides, not the number of literals") {
    const RouteTable table = table_of({api("/api", "", {"/a/*", "/{x}/b/c/d"})});
    check_rows(table, {{"/api/a/b/c/d", 0}, {"/api/z/b/c/d", 1}});
  }
}

TEST_CASE("the verb is part of the search") {
  ApiRoutes routes = api("/a", "", {});
  routes.resources = {{"/order/7", Verb::kGet, ResourceId{1}},
                      {"/order/{id}", Verb::kPut, ResourceId{2}},
                      {"/order/{number}", Verb::kGet, ResourceId{3}},
                      {"/order/*", Verb::kDelete, ResourceId{4}},
                      {"/other", Verb::kHead, ResourceId{5}}};
  const RouteTable table = table_of({routes});
  const VerbSet of_parameter{Verb::kGet, Verb::kPut};
  CHECK(table.match(Verb::kGet, "/a/order/7") == Match{Found::kResource, {Verb::kGet}, kApi, ResourceId{1}});
  CHECK(table.match(Verb::kPut, "/a/order/7") == Match{Found::kResource, of_parameter, kApi, ResourceId{2}});
  CHECK(table.match(Verb::kGet, "/a/order/8") == Match{Found::kResource, of_parameter, kApi, ResourceId{3}});
  CHECK(table.match(Verb::kDelete, "/a/order/7") == Match{Found::kResource, {Verb::kDelete}, kApi, ResourceId{4}});
  // None of the three templates that match declares it: the answer names the verbs of all of them.
  const VerbSet all{Verb::kGet, Verb::kPut, Verb::kDelete};
  CHECK(table.match(Verb::kPost, "/a/order/7") == Match{Found::kPath, all, kApi, domain::kNoResource});
  CHECK(table.match(VerbSet{}, "/a/order/7") == Match{Found::kPath, all, kApi, domain::kNoResource});
  CHECK(table.match(Verb::kGet, "/a/other").found == Found::kPath);  // no HEAD from GET, nor GET from HEAD
  CHECK(table.match(Verb::kGet, "/a/nothing") == Match{Found::kApi, {}, kApi, domain::kNoResource});
}

TEST_CASE("of several verbs the last that the template declares names the resource") {
  ApiRoutes routes = api("/a", "", {"/x"});
  routes.resources.push_back({"/x", Verb::kOptions, ResourceId{1}});
  const RouteTable table = table_of({routes});
  CHECK(table.match({Verb::kGet, Verb::kOptions}, "/a/x").resource == ResourceId{1});
  CHECK(table.match({Verb::kGet, Verb::kPatch}, "/a/x").resource == ResourceId{0});
}

TEST_CASE("no encoding leads around a template") {
  const RouteTable table = table_of({api("/a", "", {"/admin", "/*"})});
  for (const std::string target :
       {"/a/admin", "/a/%61dmin", "/a/adm%69n", "/a/%61%64%6D%69%6e", "/a/admin/", "/a/admin?"}) {
    CAPTURE(target);
    CHECK(found_by(table, target) == 0);
  }
  for (const std::string target :
       {"/a//admin", "/a/./admin", "/a/x/../admin", "/a/x/%2e%2e/admin", "/a%2fadmin", "/a/x%2F..%2Fadmin", "/a\\admin",
        "/a/%2561dmin", "/a/admin;x", "/a/admin%00", "/a/admin%2f", "/a/admin//", "/a/admin/.", "/a/%c0%afadmin"}) {
    CAPTURE(target);
    CHECK(found_by(table, target) == kNoApiThere);
  }
}

TEST_CASE("texts that share their first fifteen bytes or more are told apart") {
  const RouteTable table =
      table_of({api("/a", "",
                    {"/0123456789abcde", "/0123456789abcdef", "/0123456789abcdeg", "/01234567", "/012345678", "/{x}",
                     "/" + std::string(300, 'x'), "/" + std::string(299, 'x') + "y", "/" + std::string(301, 'x')})});
  check_rows(table, {{"/a/0123456789abcde", 0},
                     {"/a/0123456789abcdef", 1},
                     {"/a/0123456789abcdeg", 2},
                     {"/a/01234567", 3},
                     {"/a/012345678", 4},
                     {"/a/0123456789abcdeh", 5},
                     {"/a/0123456", 5},
                     {"/a/" + std::string(300, 'x'), 6},
                     {"/a/" + std::string(299, 'x') + "y", 7},
                     {"/a/" + std::string(301, 'x'), 8},
                     {"/a/" + std::string(302, 'x'), 5}});
}

TEST_CASE("the only way onward is not taken for a text that only begins like it") {
  check_rows(table_of({api("/a", "", {"/0123456789abcdef"})}),
             {{"/a/0123456789abcdef", 0}, {"/a/0123456789abcde", kNoTemplate}, {"/a/0123456789abcdeg", kNoTemplate}});
  check_rows(table_of({api("/a", "", {"/0123456789abcde"})}),
             {{"/a/0123456789abcde", 0}, {"/a/0123456789abcdef", kNoTemplate}, {"/a/0123456789abcd", kNoTemplate}});
}

TEST_CASE("a path deeper than any template can only meet a wildcard") {
  std::string deepest;
  for (std::size_t i = 0; i + 1 < kSegmentsMax; ++i) deepest += "/{x}";
  const RouteTable table = table_of({api("/a", "", {"/*", deepest})});
  std::string target = "/a";
  for (std::size_t i = 0; i + 1 < kSegmentsMax; ++i) target += "/s";
  check_rows(table, {{target, 1}, {target + "/s", 0}, {target + "/s/s/s", 0}});
  CHECK(table.match(Verb::kPut, target + "/s").allowed == VerbSet{Verb::kGet});
  const RouteTable without = table_of({api("/a", "", {deepest})});
  check_rows(without, {{target, 0}, {target + "/s", kNoTemplate}});
  CHECK(without.match(Verb::kPut, target).found == Found::kPath);
  CHECK(without.match(Verb::kPut, target + "/s").found == Found::kApi);
}

TEST_CASE("a revision takes the place of the earlier one") {
  RouteTable table = table_of({as_default(api("/pizza", "1.0.0", {"/old", "/both"}))});
  REQUIRE(table.add(api("/pasta", "2.0.0", {"/both", "/new"})).is_good());
  CHECK(table.counts().apis == 1);
  check_rows(table, {{"/pizza/1.0.0/old", kNoApiThere},
                     {"/pizza/both", kNoApiThere},
                     {"/pasta/2.0.0/both", 0},
                     {"/pasta/2.0.0/new", 1},
                     {"/pasta/2.0.0/old", kNoTemplate}});
  REQUIRE(table.add(api("/pasta", "2.0.0", {"/both"})).is_good());
  check_rows(table, {{"/pasta/2.0.0/both", 0}, {"/pasta/2.0.0/new", kNoTemplate}});
}

TEST_CASE("an API that is removed is gone, and others stay") {
  RouteTable table = table_of({api("/pizza", "1.0.0", {"/*"}, ApiId{1}), api("/pizza", "2.0.0", {"/*"}, ApiId{2})});
  CHECK(table.remove(ApiId{1}));
  CHECK_FALSE(table.remove(ApiId{1}));
  CHECK_FALSE(table.remove(ApiId{3}));
  CHECK(table.counts().apis == 1);
  check_rows(table, {{"/pizza/1.0.0/x", kNoApiThere}, {"/pizza/2.0.0/x", 0}});
  CHECK(table.add(api("/pizza", "1.0.0", {"/x"}, ApiId{9})).is_good());
  CHECK(table.match(Verb::kGet, "/pizza/1.0.0/x").api == ApiId{9});
}

TEST_CASE("what is removed leaves nothing behind") {
  const ApiRoutes staying = api("/t/acme/pizza", "1.0.0", {"/order/{id}"}, ApiId{1});
  RouteTable table = table_of({staying});
  const RouteTable::Counts before = table.counts();
  CHECK(before == RouteTable::Counts{1, 5, 3, 1});
  for (int i = 0; i < 3; ++i) {
    REQUIRE(table.add(as_default(api("/t/acme/pasta", "1.0.0", {"/order/{id}/*", "/{x}", "/"}, ApiId{2}))).is_good());
    CHECK(table.counts() == RouteTable::Counts{2, 7, 3 + 4, 1 + 3});
  }
  table.remove(ApiId{2});
  REQUIRE(table.add(staying).is_good());
  CHECK(table.counts() == before);
  table.remove(ApiId{1});
  CHECK(table.counts() == RouteTable::Counts{0, 1, 0, 0});
}

TEST_CASE("a copy lives on its own") {
  RouteTable table = table_of({api("/pizza", "", {"/*"})});
  const RouteTable before = table;
  table.remove(kApi);
  check_rows(table, {{"/pizza/x", kNoApiThere}});
  check_rows(before, {{"/pizza/x", 0}});
}

TEST_CASE("an API without resources is found, and nothing in it") {
  check_rows(table_of({api("/pizza", "", {})}), {{"/pizza", kNoTemplate}, {"/pizza/x", kNoTemplate}});
}

struct FaultRow {
  std::string name;
  ApiRoutes routes;
  RouteCheck expected;
};

TEST_CASE("what is wrong with an API is said, and nothing has changed") {
  const std::string deep = [] {
    std::string path;
    for (std::size_t i = 0; i < kSegmentsMax; ++i) path += "/a";
    return path;
  }();
  const std::string wide = "/" + std::string(kPathBytesMax, 'a');
  const std::vector<FaultRow> rows{
      {"no context", api("", "1", {"/*"}), {RouteFault::kContextEmpty}},
      {"the root as a context", api("/", "1", {"/*"}), {RouteFault::kContextEmpty}},
      {"no slash in front", api("pizza", "1", {"/*"}), {RouteFault::kContextMalformed}},
      {"slashes only", api("//", "1", {"/*"}), {RouteFault::kContextMalformed}},
      {"a parameter in the context", api("/pizza/{version}", "1", {"/*"}), {RouteFault::kContextMalformed}},
      {"dots in the context", api("/pizza/..", "1", {"/*"}), {RouteFault::kContextMalformed}},
      {"two segments as a version", api("/pizza", "1/0", {"/*"}), {RouteFault::kVersionMalformed}},
      {"dots as a version", api("/pizza", "..", {"/*"}), {RouteFault::kVersionMalformed}},
      {"braces", api("/pizza", "1", {"/*", "/{id"}), {RouteFault::kTemplateMalformed, 1}},
      {"an empty template", api("/pizza", "1", {""}), {RouteFault::kTemplateMalformed, 0}},
      {"a wildcard within", api("/pizza", "1", {"/a", "/b", "/*/c"}), {RouteFault::kTemplateMalformed, 2}},
      {"a template twice", api("/pizza", "1", {"/a", "/b", "/a"}), {RouteFault::kResourceDuplicate, 2}},
      {"twice, but for a slash", api("/pizza", "1", {"/a", "/a/"}), {RouteFault::kResourceDuplicate, 1}},
      {"twice, but for an encoding", api("/pizza", "1", {"/a", "/%61"}), {RouteFault::kResourceDuplicate, 1}},
      {"twice, but for a name", api("/pizza", "1", {"/{id}/a", "/{no}/a"}), {RouteFault::kResourceDuplicate, 1}},
      {"a wildcard twice", api("/pizza", "1", {"/*", "/*"}), {RouteFault::kResourceDuplicate, 1}},
      {"another API's context and version", api("/taken", "1", {"/*"}), {RouteFault::kContextTaken}},
      {"another API's in other words", api("/taken/1", "", {"/*"}), {RouteFault::kContextTaken}},
      {"another default version", as_default(api("/taken", "2", {"/*"})), {RouteFault::kContextTaken}},
      {"too deep a context", api(deep, "1", {}), {RouteFault::kTooLong}},
      {"too deep a template", api("/pizza", "1", {"/a", deep}), {RouteFault::kTooLong, 1}},
      {"too wide a context", api(wide, "1", {}), {RouteFault::kTooLong}},
      {"too wide a template", api("/pizza", "1", {wide}), {RouteFault::kTooLong, 0}},
  };
  for (const FaultRow& row : rows) {
    CAPTURE(row.name);
    RouteTable table = table_of({as_default(api("/taken", "1", {"/*"}, ApiId{1})), api("/mine", "1", {"/old"})});
    CHECK(table.add(row.routes) == row.expected);
    CHECK(table.counts().apis == 2);
    check_rows(table, {{"/mine/1/old", 0}, {"/pizza/1/a", kNoApiThere}, {"/taken/x", 0}});
  }
}

TEST_CASE("the same template may have several verbs, and a wildcard and its prefix are two templates") {
  ApiRoutes routes = api("/a", "", {"/x", "/x/*"});
  routes.resources.push_back({"/x", Verb::kPost, ResourceId{2}});
  CHECK(RouteTable{}.add(routes).is_good());
}

}  // namespace
}  // namespace parallax::logic::routing
