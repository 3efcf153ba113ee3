#include "models/propagation/schema/api_schema.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "models/propagation/schema/initial_rows.h"
#include "tests/models/propagation/schema/catalog.h"

namespace parallax::propagation::schema {
namespace {

using domain::Standing;
using domain::Version;
using store::Schema;
using store::Slot;
using store::Store;
using store::Table;
using store::Transaction;
using store::Value;
using testing::small_catalog;
using testing::SmallWorld;
using Row = std::vector<Value>;

constexpr sim::SiteId kSite{0};

Row list(std::span<const Value> values) { return {values.begin(), values.end()}; }
Row row(const Table& table, Value number) {
  const Slot slot = table.find(number);
  return slot == store::kNoSlot ? Row{} : list(table.values(slot));
}

TEST_CASE("tables stand at their numbers, under the names of the scripts") {
  const Schema schema = api_schema({});
  const std::array<std::pair<TableId, const char*>, 10> names{{{kApis, "AM_API"},
                                                               {kSubscribers, "AM_SUBSCRIBER"},
                                                               {kApplications, "AM_APPLICATION"},
                                                               {kSubscriptions, "AM_SUBSCRIPTION"},
                                                               {kPolicies, "AM_POLICY_SUBSCRIPTION"},
                                                               {kConsumerApps, "IDN_OAUTH_CONSUMER_APPS"},
                                                               {kTokens, "IDN_OAUTH2_ACCESS_TOKEN"},
                                                               {kRevokedTokens, "AM_REVOKED_JWT"},
                                                               {kRegistryPaths, "REG_PATH"},
                                                               {kUsers, "UM_USER"}}};
  CHECK(schema.size() == names.size());
  for (const auto& [id, name] : names) CHECK(store::table_named(schema, name) == id);
  CHECK(schema[store::index(kTokens)].columns.size() == token::kWidth);
  CHECK(store::column_named(schema[store::index(kTokens)], "DCID") == token::kDataCenter);
  CHECK(store::column_named(schema[store::index(kTokens)], "TOKEN_STATE") == token::kState);
  CHECK(store::column_named(schema[store::index(kSubscriptions)], "SUB_STATUS") == subscription::kStatus);
  CHECK(store::column_named(schema[store::index(kApis)], "API_STATUS") == api::kStatus);
}

TEST_CASE("the multi-data-center scripts append the data center to the token key") {
  for (const bool in_key : {false, true}) {
    ApiSchemaOptions options;
    options.data_center_in_token_key = in_key;
    const auto columns = api_schema(options)[store::index(kTokens)].unique.front().columns;
    CHECK(columns.size() == (in_key ? 10 : 9));
    CHECK((columns.back() == token::kDataCenter) == in_key);
  }
}

TEST_CASE("every key, parent and child is one that the store can keep, with and without keys") {
  for (const char* without : {"", "AM_API", "AM_SUBSCRIBER", "AM_APPLICATION", "IDN_OAUTH2_ACCESS_TOKEN", "REG_PATH"}) {
    for (const Children children : {Children::kCascade, Children::kTrigger}) {
      const Schema schema = api_schema({children, true, {without}});
      for (std::size_t t = 0; t < schema.size(); ++t) {
        const store::TableSpec& table = schema[t];
        CHECK(table.primary.has_value() == (table.name != without));
        CHECK((table.name != without || table.unique.empty()));
        for (const store::ForeignKey& key : table.foreign) {
          CHECK(store::index(key.parent) < t);
          REQUIRE(schema[store::index(key.parent)].primary);
          CHECK(schema[store::index(key.parent)].primary->columns.size() == 1);
          const auto how = children == Children::kCascade ? store::OnDelete::kCascade : store::OnDelete::kTrigger;
          CHECK(key.on_delete == how);
        }
      }
      const Store fits{schema, kSite, 1};
      CHECK(fits.tables() == schema.size());
    }
  }
}

// Subscriber 1 has application 1, which has subscription 1, consumer app 1 and with that token 0.
TEST_CASE("with a subscriber goes all that is his") {
  for (const Children children : {Children::kCascade, Children::kTrigger}) {
    SmallWorld world{{.schema = {children, true, {}}}};
    Transaction transaction = world.database.replica().begin();
    REQUIRE(transaction.erase(kSubscribers, world.database.rows().table(kSubscribers).find(1), Version::of(2, kSite)));
    std::vector<std::pair<TableId, Value>> gone;
    for (std::size_t i = 0; i < transaction.size(); ++i) {
      gone.emplace_back(transaction.change(i).table, transaction.row(i)[0]);
    }
    std::vector<std::pair<TableId, Value>> expected{
        {kSubscribers, 1}, {kApplications, 1}, {kSubscriptions, 1}, {kConsumerApps, 1}, {kTokens, 0}};
    if (children == Children::kTrigger) {
      expected = {{kSubscriptions, 1}, {kTokens, 0}, {kConsumerApps, 1}, {kApplications, 1}, {kSubscribers, 1}};
    }
    CHECK(gone == expected);
  }
}

TEST_CASE("the catalog's rows are there from the start, as facts too") {
  SmallWorld world;
  const Store& rows = world.database.rows();
  CHECK(row(rows.table(kApis), 1) == Row{1, 0, static_cast<Value>(Standing::kActive)});
  CHECK(row(rows.table(kApis), 2) == Row{2, 1, static_cast<Value>(Standing::kAbsent)});
  CHECK(row(rows.table(kApis), 3) == Row{3, 2, static_cast<Value>(Standing::kBlocked)});
  CHECK(row(rows.table(kApplications), 2) == Row{2, 1, 2});
  CHECK(row(rows.table(kConsumerApps), 2) == Row{2, 1, 2});
  CHECK(rows.table(kSubscriptions).size() == 2);  // that which is not made yet is no row
  CHECK(row(rows.table(kSubscriptions), 2) == Row{2, 2, 3, 2, static_cast<Value>(Standing::kBlocked), 1});
  CHECK(row(rows.table(kPolicies), 1) == Row{1, 0, 20});
  CHECK(row(rows.table(kPolicies), 2) == Row{2, 1, 0});
  CHECK(rows.table(kTokens).size() == 2);
  CHECK(rows.log_end() == 0);
  for (std::size_t i = 0; i < rows.table(kApis).slots(); ++i) {
    const auto slot = static_cast<Slot>(i);
    const auto id = static_cast<domain::ApiId>(rows.table(kApis).values(slot)[api::kUuid]);
    CHECK(rows.table(kApis).written(slot).version == world.database.api(id).version);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const domain::TokenId id{static_cast<std::uint32_t>(i)};
    CHECK(rows.table(kTokens).written(static_cast<Slot>(i)).version == world.database.token(id).version);
    CHECK(rows.table(kTokens).values(static_cast<Slot>(i))[token::kExpires] == world.database.token(id).expires.ns);
  }
  CHECK(world.database.subscription(domain::SubscriptionId{1}).version == Version{});
}

// AM_API starts with 3 rows, AM_SUBSCRIBER with 2. Data center 2 of 3 numbers 2, 5, 8, ...: the first that no row of
// AM_API has is 5, of AM_SUBSCRIBER too.
TEST_CASE("sequences begin behind the first rows") {
  SmallWorld world{{.numbers = {KeyNumbers::Strategy::kIncrement, 2, 3, 0}}};
  CHECK(world.database.rows().sequence(kApis).take() == 5);
  CHECK(world.database.rows().sequence(kSubscribers).take() == 5);
  CHECK(world.database.rows().sequence(kUsers).take() == 2);
}

}  // namespace
}  // namespace parallax::propagation::schema
