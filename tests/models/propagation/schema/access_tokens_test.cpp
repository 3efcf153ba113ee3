// The access-token table of a database keeps the rules that models/logic/tokens states and its own table in memory is
// tested for: here the two do the same under the same operations.
#include "models/propagation/access_tokens.h"

#include <catch2/catch.hpp>

#include "models/logic/tokens/memory_token_table.h"
#include "sim/simulation.h"
#include "tests/support/checked_property.h"

namespace parallax::propagation {
namespace {

using domain::TokenId;
using logic::tokens::AccessToken;
using logic::tokens::DataCenterInKey;
using logic::tokens::Insertion;
using logic::tokens::kNoDigest;
using logic::tokens::Marking;
using logic::tokens::MemoryTokenTable;
using logic::tokens::TokenState;
using parallax::testing::pick;

constexpr sim::SiteId kSite{0};

domain::Catalog two_clients() {
  domain::Catalog catalog;
  catalog.applications.resize(2);
  return catalog;
}

DatabaseSpec spec(DataCenterInKey in_key) {
  DatabaseSpec spec;
  spec.schema.data_center_in_token_key = in_key == DataCenterInKey::kYes;
  spec.data_centers = 2;
  spec.numbers.increment = 1;
  return spec;
}

struct World {
  domain::Catalog catalog{two_clients()};
  sim::Simulation simulation{sim::SimulationSpec{.seed = 1, .sites = {"here"}, .links = {}, .outages = {}}};
  Database database;
  AccessTokens table;

  explicit World(const DatabaseSpec& spec)
      : database{simulation.site(kSite), catalog, domain::LayerId{0}, spec}, table{database, {}, {}} {}

  /// The next rows are inserted as those of another data center would be that replication has brought.
  void be_in(domain::SiteId data_center) {
    store::Transaction transaction = database.replica().begin();
    const auto number = static_cast<store::Value>(data_center) + 1;
    transaction.define(schema::kTokens, {store::Definition::Kind::kSetDataCenter, number, {}});
    database.commit(transaction, {}, {});
  }
};

sim::VirtualTime at(int second) { return sim::VirtualTime{} + sim::seconds(second); }

// Few owners, few ids, few instants: so that they meet.
AccessToken any_row() {
  AccessToken row;
  row.id = TokenId{pick(0U, 60U)};
  row.key.client = domain::ClientId{pick(0U, 2U)};
  row.key.user = domain::UserId{pick(0U, 2U)};
  row.state = static_cast<TokenState>(pick(0, 5) % logic::tokens::kTokenStates);
  row.data_center = domain::SiteId{static_cast<std::uint16_t>(pick(0, 2))};
  row.token = {1'000 + pick<std::uint64_t>(0, 80), 0};
  row.refresh = pick(0, 4) == 0 ? kNoDigest : logic::caches::Digest{0, 2'000 + pick<std::uint64_t>(0, 30)};
  row.issued = at(pick(0, 6));
  row.expires = row.issued + sim::seconds(pick(1, 30));
  row.refresh_expires = row.expires + sim::seconds(pick(0, 30));
  return row;
}

void one_operation(World& world, MemoryTokenTable& memory) {
  const AccessToken row = any_row();
  const TokenId old{pick(0U, 60U)};
  const auto end = static_cast<TokenState>(pick(1, logic::tokens::kTokenStates));
  world.be_in(row.data_center);
  switch (pick(0, 8)) {
    case 0:
      RC_ASSERT(world.table.mark(old, end) == memory.mark(old, end));
      break;
    case 1:
    case 2:
      RC_ASSERT(world.table.replace(old, end, row) == memory.replace(old, end, row));
      break;
    default:
      RC_ASSERT(world.table.insert(row) == memory.insert(row));
  }
}

void compare(const World& world, const MemoryTokenTable& memory) {
  const AccessToken about = any_row();
  RC_ASSERT(world.table.latest(about.key, about.state) == memory.latest(about.key, about.state));
  RC_ASSERT(world.table.key_holder(about.key, about.data_center) == memory.key_holder(about.key, about.data_center));
  RC_ASSERT(world.table.find(about.id) == memory.find(about.id));
  RC_ASSERT(world.table.open_rows_of(about.key.client) == memory.open_rows_of(about.key.client));
  RC_ASSERT(world.table.open_rows_of(about.key.user) == memory.open_rows_of(about.key.user));
  RC_ASSERT(world.database.rows().table(schema::kTokens).size() == memory.size());
  const auto found = memory.find(about.id);
  if (!found) return;
  const auto standing = found->state == TokenState::kActive ? domain::Standing::kActive : domain::Standing::kBlocked;
  const logic::gateway::TokenFacts facts = world.database.token(about.id);
  RC_ASSERT(facts.standing == standing);
  RC_ASSERT(facts.expires == found->expires);
  RC_ASSERT(domain::index(facts.application) == domain::index(found->key.client));
}

TEST_CASE("the table of a database does what the table in memory does under random operations") {
  parallax::testing::check("database against memory", 200, [] {
    const auto in_key = pick(0, 2) == 0 ? DataCenterInKey::kNo : DataCenterInKey::kYes;
    MemoryTokenTable memory{in_key};
    World world{spec(in_key)};
    for (int i = 0; i < 80; ++i) {
      one_operation(world, memory);
      compare(world, memory);
    }
  });
}

// Of rows that share a text, the table in memory finds the one inserted last and SQL the one issued last: the same as
// long as rows are inserted when they are issued.
TEST_CASE("a row is found by its texts as in memory, and by none if it has none") {
  parallax::testing::check("texts", 100, [] {
    MemoryTokenTable memory;
    World world{spec(DataCenterInKey::kNo)};
    for (int i = 0; i < 40; ++i) {
      AccessToken row = any_row();
      row.issued = at(i);
      row.data_center = kSite;
      RC_ASSERT(world.table.insert(row) == memory.insert(row));
      const AccessToken about = any_row();
      RC_ASSERT(world.table.find_by_token(about.token) == memory.find_by_token(about.token));
      RC_ASSERT(world.table.find_by_refresh(about.refresh) == memory.find_by_refresh(about.refresh));
    }
    RC_ASSERT(!world.table.find_by_token(kNoDigest));
    RC_ASSERT(!world.table.find_by_refresh(kNoDigest));
  });
}

TEST_CASE("a row comes back as it was put, whatever bits its texts have") {
  World world{spec(DataCenterInKey::kYes)};
  AccessToken row;
  row.id = TokenId{3};
  row.key = {domain::ClientId{1},          domain::UserId{0xffff'ffff},
             domain::TenantId{9},          logic::tokens::UserType::kApplicationUser,
             logic::tokens::BindingRef{5}, {0x8000'0000'0000'0000, 0x8000'0000'0000'0000}};
  row.scopes = static_cast<logic::tokens::ScopeSetId>(4);
  row.type = logic::tokens::TokenType::kJwt;
  row.token = {0x8000'0000'0000'0000, 0xffff'ffff'ffff'ffff};
  row.refresh = {1, 0x8000'0000'0000'0000};
  row.issued = at(1);
  row.expires = sim::kNever;
  row.refresh_expires = at(3);
  REQUIRE(world.table.insert(row) == Insertion::kInserted);
  CHECK(world.table.find(TokenId{3}) == row);
  CHECK(world.table.latest(row.key, TokenState::kActive) == row);
  CHECK(world.table.find_by_token(row.token) == row);
  CHECK(world.table.find_by_refresh(row.refresh) == row);
}

TEST_CASE("what it commits has a place in the log; what is refused has none") {
  World world{spec(DataCenterInKey::kNo)};
  CHECK(world.table.committed() == 0);
  AccessToken row;
  row.id = TokenId{1};
  world.table.insert(row);
  CHECK(world.table.committed() == 1);
  CHECK(world.table.insert(row) == Insertion::kKeyViolation);
  CHECK(world.table.mark(TokenId{9}, TokenState::kRevoked) == Marking::kNoSuchRow);
  CHECK(world.table.committed() == 1);
  AccessToken next = row;
  next.id = TokenId{2};
  CHECK(world.table.replace(TokenId{1}, TokenState::kExpired, next) == Insertion::kInserted);
  CHECK(world.table.committed() == 3);
}

TEST_CASE("a table that was created without its keys takes any row, and finds and marks it still") {
  DatabaseSpec keyless = spec(DataCenterInKey::kNo);
  keyless.schema.without_keys = {"IDN_OAUTH2_ACCESS_TOKEN"};
  World world{keyless};
  AccessToken row;
  row.id = TokenId{1};
  row.issued = at(1);
  AccessToken later = row;
  later.id = TokenId{2};
  later.issued = at(2);
  CHECK(world.table.insert(row) == Insertion::kInserted);
  CHECK(world.table.insert(later) == Insertion::kInserted);
  CHECK_FALSE(world.table.key_holder(row.key, kSite));
  CHECK(world.table.latest(row.key, TokenState::kActive) == later);
  CHECK(world.table.mark(TokenId{2}, TokenState::kRevoked) == Marking::kMarked);
  CHECK(world.table.latest(row.key, TokenState::kActive) == row);
  CHECK(world.table.find(TokenId{2})->state == TokenState::kRevoked);
}

}  // namespace
}  // namespace parallax::propagation
