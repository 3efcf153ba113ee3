#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>

#include "models/logic/tokens/memory_token_table.h"
#include "tests/models/logic/tokens/issuing.h"
#include "tests/support/checked_property.h"

namespace parallax::logic::tokens {
namespace {

using domain::TokenId;
using parallax::testing::pick;
using testing::at;
using testing::text;

// The rules as plainly as they can be said: rows in a vector, in the order in which they were inserted.
class NaiveTable {
 public:
  explicit NaiveTable(DataCenterInKey in_key) : in_key_{in_key} {}

  template <typename Predicate>
  std::optional<AccessToken> latest_of(const Predicate& predicate) const {
    std::optional<AccessToken> latest;
    for (const AccessToken& row : rows) {
      if (predicate(row) && (!latest || is_later(row, *latest))) latest = row;
    }
    return latest;
  }
  std::optional<AccessToken> latest(const TokenKey& key, TokenState state) const {
    return latest_of([&](const AccessToken& row) { return row.key == key && row.state == state; });
  }
  std::optional<AccessToken> last_inserted(caches::Digest AccessToken::*column, caches::Digest wanted) const {
    const auto found =
        std::find_if(rows.rbegin(), rows.rend(), [&](const AccessToken& r) { return r.*column == wanted; });
    return found == rows.rend() ? std::nullopt : std::optional{*found};
  }

  // CON_APP_KEY in full, and the primary key.
  auto unique_key(const AccessToken& row) const {
    const bool with_data_center = in_key_ == DataCenterInKey::kYes;
    return std::tuple{row.key, row.state, state_id(row), with_data_center ? row.data_center : domain::SiteId{}};
  }
  Insertion insert(const AccessToken& row) {
    for (const AccessToken& other : rows) {
      if (other.id == row.id || unique_key(other) == unique_key(row)) return Insertion::kKeyViolation;
    }
    rows.push_back(row);
    return Insertion::kInserted;
  }
  Marking mark(TokenId id, TokenState state) {
    for (AccessToken& row : rows) {
      if (row.id != id || !may_become(row.state, state)) continue;
      row.state = state;
      return Marking::kMarked;
    }
    return Marking::kNoSuchRow;
  }
  Insertion replace(TokenId old, TokenState state, const AccessToken& row) {
    const std::vector<AccessToken> before = rows;
    const Marking marked = mark(old, state);
    const Insertion inserted = insert(row);
    if (inserted == Insertion::kInserted && marked == Marking::kMarked) return inserted;
    rows = before;
    return inserted == Insertion::kInserted ? Insertion::kStale : inserted;
  }
  std::size_t purge(sim::VirtualTime now) {
    return std::erase_if(rows, [&](const AccessToken& row) {
      return row.expires <= now && (row.refresh == kNoDigest || row.refresh_expires <= now);
    });
  }

  std::vector<AccessToken> rows;

 private:
  DataCenterInKey in_key_;
};

// Few owners, few ids, few instants: so that they meet.
AccessToken any_row() {
  AccessToken row;
  row.id = TokenId{pick(0U, 60U)};
  row.key.client = domain::ClientId{pick(0U, 2U)};
  row.key.user = domain::UserId{pick(0U, 2U)};
  row.state = static_cast<TokenState>(pick(0, 5) % kTokenStates);
  row.data_center = domain::SiteId{static_cast<std::uint16_t>(pick(0, 2))};
  row.token = text(1'000 + pick(0U, 80U));
  row.refresh = pick(0, 4) == 0 ? kNoDigest : text(2'000 + pick(0U, 30U));
  row.issued = at(pick(0, 6));
  row.expires = row.issued + sim::seconds(pick(1, 30));
  row.refresh_expires = row.expires + sim::seconds(pick(0, 30));
  return row;
}

TokenState any_end() { return static_cast<TokenState>(pick(1, kTokenStates)); }

void one_operation(MemoryTokenTable& table, NaiveTable& naive, int second) {
  const AccessToken row = any_row();
  const TokenId old{pick(0U, 60U)};
  switch (pick(0, 8)) {
    case 0: {
      const TokenState state = any_end();
      RC_ASSERT(table.mark(old, state) == naive.mark(old, state));
      break;
    }
    case 1:
    case 2: {
      const TokenState state = any_end();
      RC_ASSERT(table.replace(old, state, row) == naive.replace(old, state, row));
      break;
    }
    case 3:
      if (pick(0, 5) == 0) RC_ASSERT(table.purge(at(second / 2)) == naive.purge(at(second / 2)));
      break;
    default:
      RC_ASSERT(table.insert(row) == naive.insert(row));
  }
}

void compare(const MemoryTokenTable& table, const NaiveTable& naive, DataCenterInKey in_key) {
  const AccessToken about = any_row();
  RC_ASSERT(table.size() == naive.rows.size());
  RC_ASSERT(table.latest(about.key, about.state) == naive.latest(about.key, about.state));
  RC_ASSERT(table.key_holder(about.key, about.data_center) == naive.latest_of([&](const AccessToken& row) {
    const bool same_data_center = in_key == DataCenterInKey::kNo || row.data_center == about.data_center;
    return row.key == about.key && row.state == TokenState::kActive && same_data_center;
  }));
  RC_ASSERT(table.find(about.id) == naive.latest_of([&](const AccessToken& row) { return row.id == about.id; }));
  std::vector<AccessToken> open;
  std::copy_if(naive.rows.begin(), naive.rows.end(), std::back_inserter(open), [&](const AccessToken& row) {
    return row.key.client == about.key.client &&
           (row.state == TokenState::kActive || row.state == TokenState::kExpired);
  });
  std::sort(open.begin(), open.end(), [](const AccessToken& a, const AccessToken& b) { return a.id < b.id; });
  RC_ASSERT(table.open_rows_of(about.key.client) == open);
}

TEST_CASE("the table does what a naive vector of rows does under random operations") {
  parallax::testing::check("table against vector", 300, [] {
    const auto in_key = pick(0, 2) == 0 ? DataCenterInKey::kNo : DataCenterInKey::kYes;
    MemoryTokenTable table{in_key};
    NaiveTable naive{in_key};
    for (int i = 0; i < 80; ++i) {
      one_operation(table, naive, i);
      compare(table, naive, in_key);
    }
  });
}

// Without purges, because the table forgets which row had a text before the one that is purged; texts are random in
// life.
TEST_CASE("a row is found by its texts, the row inserted last if it shares one") {
  parallax::testing::check("texts against vector", 100, [] {
    MemoryTokenTable table;
    NaiveTable naive{DataCenterInKey::kNo};
    for (int i = 0; i < 40; ++i) {
      const AccessToken row = any_row();
      RC_ASSERT(table.insert(row) == naive.insert(row));
      const AccessToken about = any_row();
      RC_ASSERT(table.find_by_token(about.token) == naive.last_inserted(&AccessToken::token, about.token));
      if (about.refresh == kNoDigest) continue;
      RC_ASSERT(table.find_by_refresh(about.refresh) == naive.last_inserted(&AccessToken::refresh, about.refresh));
    }
  });
}

TEST_CASE("a row without a refresh token is not found by none") {
  MemoryTokenTable table;
  AccessToken row;
  row.id = TokenId{1};
  table.insert(row);
  CHECK_FALSE(table.find_by_refresh(kNoDigest));
  CHECK_FALSE(table.find_by_token(kNoDigest));
}

TEST_CASE("a purged row is forgotten by all its names, and its owner may have another") {
  MemoryTokenTable table;
  const AccessToken row = testing::issue({}, testing::request(TokenType::kOpaque, 1), table, at(0)).row;
  // The refresh token lives 24 h = 86,400 s.
  CHECK(table.purge(at(86'400) - testing::kTick) == 0);
  CHECK(table.purge(at(86'400)) == 1);
  CHECK_FALSE(table.find(row.id));
  CHECK_FALSE(table.find_by_token(row.token));
  CHECK_FALSE(table.find_by_refresh(row.refresh));
  CHECK_FALSE(table.latest(row.key, TokenState::kActive));
  CHECK(table.insert(row) == Insertion::kInserted);
}

// Issued at 0 and at 86,000 with one refresh token, which is dead at 86,400, when the second token has 3,200 s to live.
TEST_CASE("purging a row leaves a shared text to the row that has it still") {
  MemoryTokenTable table;
  const AccessToken first = testing::issue({}, testing::request(TokenType::kOpaque, 1), table, at(0)).row;
  testing::issue({}, testing::request(TokenType::kOpaque, 2), table, at(86'000));
  CHECK(table.purge(at(86'400)) == 1);
  REQUIRE(table.find_by_refresh(first.refresh));
  CHECK(table.find_by_refresh(first.refresh)->id == TokenId{2});
}

}  // namespace
}  // namespace parallax::logic::tokens
