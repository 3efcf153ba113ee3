#include "models/propagation/schema/initial_rows.h"

#include <array>

#include "models/logic/tokens/access_token.h"

namespace parallax::propagation::schema {

using domain::initial_version;
using domain::Standing;
using store::Value;

store::SequenceSpec KeyNumbers::sequence(std::size_t rows_at_start) const {
  const auto taken = static_cast<Value>(rows_at_start);
  store::SequenceSpec spec;
  switch (strategy) {
    case Strategy::kAlike:
    case Strategy::kCommon:
      spec.start = taken + 1;
      break;
    case Strategy::kIncrement: {
      // The first number of the site's own that no row has.
      const Value steps = taken < data_center ? 0 : (taken - data_center) / increment + 1;
      spec.start = data_center + steps * increment;
      spec.increment = increment;
      break;
    }
    case Strategy::kRanges:
      spec.start = taken + 1 + (data_center - 1) * range;
      spec.last = taken + data_center * range;
      break;
  }
  return spec;
}

namespace {

class Loader {
 public:
  Loader(store::Store& store, const domain::Catalog& catalog) : store_{store}, catalog_{catalog} {}

  void load() {
    load_apis();
    load_applications();
    load_subscriptions();
    load_policies();
    load_tokens();
  }

 private:
  template <std::size_t N>
  void add(TableId table, const std::array<Value, N>& row, Standing standing = Standing::kActive) {
    store_.load(table, row, initial_version(standing));
  }
  Value next(TableId table) const { return static_cast<Value>(store_.table(table).size()) + 1; }

  // Also those to be published later: they have been created, and can be subscribed to.
  void load_apis() {
    for (std::size_t i = 0; i < catalog_.apis.size(); ++i) {
      const Standing standing = catalog_.apis[i].initially;
      add<3>(kApis, {next(kApis), static_cast<Value>(i), static_cast<Value>(standing)}, standing);
    }
  }

  void load_applications() {
    for (std::size_t i = 0; i < catalog_.applications.size(); ++i) {
      const auto number = static_cast<Value>(i) + 1;
      add<2>(kSubscribers, {number, number - 1});
      add<3>(kApplications, {number, number - 1, number});
      add<3>(kConsumerApps, {number, number - 1, number});
    }
  }

  void load_subscriptions() {
    for (std::size_t i = 0; i < catalog_.subscriptions.size(); ++i) {
      const domain::Subscription& s = catalog_.subscriptions[i];
      if (s.initially == Standing::kAbsent) continue;
      add<6>(kSubscriptions,
             {next(kSubscriptions), static_cast<Value>(i), static_cast<Value>(s.api) + 1,
              static_cast<Value>(s.application) + 1, static_cast<Value>(s.initially), static_cast<Value>(s.tier)},
             s.initially);
    }
  }

  void load_policies() {
    for (std::size_t i = 0; i < catalog_.tiers.size(); ++i) {
      const Value quota = catalog_.tiers[i].limit ? static_cast<Value>(catalog_.tiers[i].limit->requests) : 0;
      add<3>(kPolicies, {next(kPolicies), static_cast<Value>(i), quota});
    }
  }

  // Each user holds one token, and bears its number.
  void load_tokens() {
    store_.reserve(kTokens, catalog_.tokens.size());
    for (std::size_t i = 0; i < catalog_.tokens.size(); ++i) {
      const domain::Token& token = catalog_.tokens[i];
      std::array<Value, token::kWidth> row{};
      row[token::kId] = static_cast<Value>(i);
      row[token::kConsumerApp] = static_cast<Value>(token.application) + 1;
      row[token::kUser] = static_cast<Value>(i);
      row[token::kUserType] = static_cast<Value>(logic::tokens::UserType::kApplicationUser);
      row[token::kStateId] = static_cast<Value>(logic::tokens::kActiveStateId);
      row[token::kBinding] = static_cast<Value>(logic::tokens::kUnbound);
      row[token::kExpires] = token.expires.ns;
      row[token::kRefreshExpires] = 0;
      row[token::kDataCenter] = 1;
      row[token::kJurisdiction] = static_cast<Value>(token.jurisdiction);
      add<token::kWidth>(kTokens, row);
    }
  }

  store::Store& store_;
  const domain::Catalog& catalog_;
};

}  // namespace

void load_rows(store::Store& store, const domain::Catalog& catalog, const KeyNumbers& numbers) {
  Loader{store, catalog}.load();
  for (std::size_t i = 0; i < store.tables(); ++i) {
    const auto table = static_cast<TableId>(i);
    store.set_sequence(table, numbers.sequence(store.table(table).size()));
  }
}

}  // namespace parallax::propagation::schema
