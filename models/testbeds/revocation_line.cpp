#include "models/testbeds/revocation_line.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "models/domain/journal.h"
#include "models/propagation/broker/broker.h"
#include "models/propagation/replication/stream.h"
#include "models/propagation/ticks.h"
#include "sim/distribution.h"
#include "sim/simulation.h"

namespace parallax::testbeds {

namespace broker = propagation::broker;
namespace replication = propagation::replication;
namespace store = propagation::store;

namespace {

constexpr domain::TopicId kRevocations{1};
// Connections have settled by then, and the tokens' requests are spread.
constexpr sim::Duration kWarmUp = sim::seconds(10);
constexpr store::Value kValid = 1;
constexpr store::Value kRevoked = 0;

store::Schema verdicts() { return {{"TOKEN", {{"ID"}, {"VALID"}}, store::Key{"PK", {0}}, {}, {}}}; }

/// A gateway's requests to the store over the link: idle connections are used again, the last one first; one that does
/// not answer in time is closed.
class StoreClient {
 public:
  class Gateway {
   public:
    virtual store::Value look_up(std::uint32_t token) = 0;  ///< at the store
    virtual void answered(std::uint32_t token, store::Value verdict) = 0;
    virtual void failed(std::uint32_t token) = 0;

   protected:
    ~Gateway() = default;
  };

  StoreClient(sim::Site& here, sim::Site& there, std::uint32_t most, sim::Duration answer_within, Gateway& gateway)
      : here_{here}, answer_within_{answer_within}, gateway_{gateway} {
    for (std::uint32_t i = 0; i < most; ++i) {
      lines_.push_back(std::make_unique<Line>(*this, here, there, i));
      idle_.push_back(most - 1 - i);
    }
  }

  void get(std::uint32_t token) {
    const std::uint32_t line = idle_.back();
    idle_.pop_back();
    lines_[line]->get(token);
  }

 private:
  struct Line final : sim::ConnectionListener {
    struct Far final : sim::ConnectionListener {
      void opened() override {}
      void closed(sim::Closed) override {}
    };

    Line(StoreClient& client, sim::Site& here, sim::Site& there, std::uint32_t index)
        : of{client}, number{index}, connection{here, there, "get " + std::to_string(index), {}, *this, far} {}

    void get(std::uint32_t wanted) {
      token = wanted;
      is_waiting = true;
      of.here_.after(of.answer_within_, [this, asked = ++asks] {
        if (asked == asks && is_waiting) give_up();
      });
      if (connection.client().is_open()) return ask();
      connection.client().connect();
    }
    void ask() {
      connection.client().send([this, asked = asks, wanted = token] {
        const store::Value verdict = of.gateway_.look_up(wanted);
        connection.server().send([this, asked, verdict] { answer(asked, verdict); });
      });
    }
    void answer(std::uint32_t asked, store::Value verdict) {
      if (asked != asks || !is_waiting) return;
      is_waiting = false;
      of.idle_.push_back(number);
      of.gateway_.answered(token, verdict);
    }
    void give_up() {
      connection.client().close();
      is_waiting = false;
      // Behind the others: a client's pool gives those out first that are connected.
      of.idle_.insert(of.idle_.begin(), number);
      of.gateway_.failed(token);
    }

    void opened() override { ask(); }
    void closed(sim::Closed) override {
      if (is_waiting) give_up();
    }

    StoreClient& of;
    std::uint32_t number;
    Far far;
    sim::Connection connection;
    std::uint32_t token{0};
    std::uint32_t asks{0};
    bool is_waiting{false};
  };

  sim::Site& here_;
  sim::Duration answer_within_;
  Gateway& gateway_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::vector<std::uint32_t> idle_;
};

class Line final : StoreClient::Gateway, public broker::SubscriberHost, replication::RowListener {
 public:
  Line(const RevocationSetting& setting, std::uint64_t seed)
      : setting_{setting},
        cut_from_{cut_at(seed)},
        simulation_{spec(seed)},
        master_{site(0), verdicts(), {.name = "master", .layer = domain::LayerId{0}}},
        replica_{site(1), verdicts(), {.name = "replica", .layer = domain::LayerId{1}}},
        stream_{{master_, power_}, {replica_, power_}, "replication", setting.replication, faults()},
        at_master_{site(0), power_, domain::NodeId{0}, faults()},
        at_replica_{site(1), power_, domain::NodeId{1}, faults()},
        client_{site(1), site(0), setting.tokens, setting.answer_within, *this},
        moments_{site(0).stream("revoker", "moments")} {
    replica_.listen(*this);
    if (setting.hears == Hears::kNothing) return;
    subscriber_ = std::make_unique<broker::Subscriber>(
        site(1), domain::NodeId{2}, "bus", setting.subscriber,
        std::vector<broker::Broker*>{setting.hears == Hears::kMaster ? &at_master_ : &at_replica_}, *this);
  }

  std::vector<Revoked> run() {
    stream_.start();
    if (subscriber_) site(1).at({}, [this] { subscriber_->start(); });
    site(0).at(sim::VirtualTime{} + sim::seconds(1), [this] { issue(); });
    begin_requests();
    plan_revocations();
    simulation_.run(std::max(tokens_.back().revoked, heal()) + sim::seconds(60));
    std::vector<Revoked> all;
    for (const Token& token : tokens_) all.push_back(told(token));
    return all;
  }

 private:
  struct Token {
    sim::Duration phase;
    sim::VirtualTime revoked;
    store::Value cached{kValid};
    sim::VirtualTime expires{};  ///< of what is cached
    std::uint32_t entry{0};      ///< what an earlier one has left scheduled is void
    bool is_asking{false};
    bool has_been_told{false};
    bool was_overtaken{false};
    std::optional<sim::VirtualTime> not_admitted;
    std::optional<sim::VirtualTime> denied;
    std::uint32_t receivers{0};
  };

  static broker::StagesOfFaults faults() { return {domain::Stage::kLinkDown}; }
  sim::Site& site(int i) { return simulation_.site(static_cast<sim::SiteId>(i)); }

  sim::VirtualTime cut_at(std::uint64_t seed) const {
    sim::Stream stream{seed, "cut", "phase"};
    return sim::VirtualTime{} + kWarmUp + sim::Distribution::uniform({}, sim::seconds(3)).sample(stream);
  }

  sim::VirtualTime heal() const { return cut_from_ + setting_.cut.value_or(sim::Duration{}); }

  sim::SimulationSpec spec(std::uint64_t seed) const {
    sim::SimulationSpec spec{.seed = seed, .sites = {"dc1", "dc2"}, .links = {}, .outages = {}};
    const auto delay =
        sim::Distribution::uniform(setting_.one_way - setting_.jitter, setting_.one_way + setting_.jitter);
    spec.links = {{sim::SiteId{0}, sim::SiteId{1}, delay}, {sim::SiteId{1}, sim::SiteId{0}, delay}};
    spec.faults = 1;
    if (!setting_.cut) return spec;
    for (std::uint32_t link = 0; link < 2; ++link) {
      spec.outages.push_back({static_cast<sim::LinkId>(link), cut_from_, heal(), 0});
    }
    return spec;
  }

  // --- At the master

  void issue() {
    store::Transaction transaction = master_.begin();
    for (std::uint32_t i = 0; i < setting_.tokens; ++i) {
      const std::array<store::Value, 2> row{i, kValid};
      transaction.insert(store::TableId{0}, row, domain::Version{}.next({}));
    }
    master_.commit(transaction, {}, {});
  }

  // As given, or one after the other at no fixed phase of the cache's periods.
  void plan_revocations() {
    const auto moment = sim::Distribution::uniform({}, setting_.cache_ttl * 5);
    std::vector<sim::Duration> moments = setting_.moments;
    while (moments.size() < setting_.tokens) moments.push_back(moment.sample(moments_));
    std::sort(moments.begin(), moments.end());
    for (std::uint32_t i = 0; i < setting_.tokens; ++i) {
      tokens_[i].revoked = cut_from_ + moments[i];
      site(0).at(tokens_[i].revoked, [this, i] { revoke(i); });
    }
  }

  // SET and PUBLISH in one pipeline.
  void revoke(std::uint32_t token) {
    const std::array<store::Value, 2> row{token, kRevoked};
    store::Transaction transaction = master_.begin();
    transaction.update(store::TableId{0}, master_.rows().table(store::TableId{0}).find(token), row,
                       domain::Version{}.next({}).next({}));
    master_.commit(transaction, {}, {});
    tokens_[token].receivers = at_master_.publish(event(token, site(0)));
  }

  static broker::Event event(std::uint32_t token, sim::Site& where) {
    broker::Event event;
    event.id = token + 1;
    event.published = where.now();
    event.object = domain::ObjectRef::of(domain::TokenId{token});
    event.topic = kRevocations;
    return event;
  }

  // --- At the replica, which tells its own subscribers of what its master sends behind the change.

  sim::RecordId row_changed(store::Transaction& transaction, std::size_t change, const replication::Coming&) override {
    const auto row = transaction.row(change);
    if (row[1] == kRevoked) {
      site(1).after({},
                    [this, token = static_cast<std::uint32_t>(row[0])] { at_replica_.publish(event(token, site(1))); });
    }
    return {};
  }

  // --- At the gateway

  void begin_requests() {
    sim::Stream phases = site(1).stream("requests", "phase");
    const auto phase = sim::Distribution::uniform({}, setting_.period);
    const auto first = sim::Distribution::uniform(sim::seconds(2), sim::seconds(2) + setting_.cache_ttl);
    tokens_.resize(setting_.tokens);
    for (std::uint32_t i = 0; i < setting_.tokens; ++i) {
      tokens_[i].phase = phase.sample(phases);
      tokens_[i].expires = sim::VirtualTime{} + first.sample(phases);
      ask_after(i, tokens_[i].expires);
    }
  }

  // Requests up to then are answered from the cache, and the first one after it asks the store.
  void ask_after(std::uint32_t i, sim::VirtualTime when) {
    Token& token = tokens_[i];
    site(1).at(propagation::next_tick(when, token.phase, setting_.period), [this, i, entry = ++token.entry] {
      if (entry == tokens_[i].entry) request(i);
    });
  }

  void request(std::uint32_t i) {
    Token& token = tokens_[i];
    if (token.denied || token.is_asking) return;
    token.is_asking = true;
    if (setting_.asks == Asks::kMaster) return client_.get(i);
    answered(i, verdict_of(replica_, i));
  }

  static store::Value verdict_of(const replication::Replica& rows, std::uint32_t token) {
    const store::Table& table = rows.rows().table(store::TableId{0});
    return table.values(table.find(token))[1];
  }
  store::Value look_up(std::uint32_t token) override { return verdict_of(master_, token); }

  void answered(std::uint32_t i, store::Value verdict) override {
    Token& token = tokens_[i];
    token.is_asking = false;
    if (verdict == kRevoked) {
      token.denied = site(1).now();
      if (!token.not_admitted) token.not_admitted = token.denied;
      return;
    }
    if (token.has_been_told) token.was_overtaken = true;
    token.expires = site(1).now() + setting_.cache_ttl;
    ask_after(i, token.expires);
  }

  void failed(std::uint32_t i) override {
    Token& token = tokens_[i];
    token.is_asking = false;
    if (!token.not_admitted && site(1).now() >= token.revoked) token.not_admitted = site(1).now();
    ask_after(i, site(1).now());
  }

  void act_on(const broker::Event& event) override {
    const std::uint32_t i = event.object.id();
    tokens_[i].has_been_told = true;
    if (!tokens_[i].is_asking) ask_after(i, site(1).now());
  }
  void connected(const broker::Absence&) override {}

  Revoked told(const Token& token) const {
    const auto since = [](sim::VirtualTime from, const std::optional<sim::VirtualTime>& until) {
      return until ? std::optional{static_cast<double>((*until - from).ns) / 1e6} : std::nullopt;
    };
    return {since(token.revoked, token.not_admitted), since(token.revoked, token.denied), since(heal(), token.denied),
            token.was_overtaken, token.receivers};
  }

  RevocationSetting setting_;
  sim::VirtualTime cut_from_;
  sim::Simulation simulation_;
  sim::Power power_;
  replication::Replica master_;
  replication::Replica replica_;
  replication::Stream stream_;
  broker::Broker at_master_;
  broker::Broker at_replica_;
  std::unique_ptr<broker::Subscriber> subscriber_;
  StoreClient client_;
  sim::Stream moments_;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Revoked> run_revocations(const RevocationSetting& setting, std::uint64_t seed) {
  return Line{setting, seed}.run();
}

}  // namespace parallax::testbeds
