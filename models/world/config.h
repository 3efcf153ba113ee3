// A deployment, its work and its faults, as plain values: checked, with every default filled in.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/domain/catalog.h"
#include "models/domain/change.h"
#include "models/domain/stage.h"
#include "models/management/spec.h"
#include "models/propagation/access/spec.h"
#include "models/propagation/artifacts/spec.h"
#include "models/propagation/broker/spec.h"
#include "models/propagation/caches/spec.h"
#include "models/propagation/cluster.h"
#include "models/propagation/replication/spec.h"
#include "models/propagation/schema/statistics_schema.h"
#include "models/propagation/spec.h"
#include "models/runtime/parts.h"
#include "models/runtime/spec.h"
#include "models/steering/arrivals.h"
#include "models/steering/backoff.h"
#include "models/steering/dns.h"
#include "models/steering/dns/monitor_spec.h"
#include "models/steering/dns/spec.h"
#include "models/steering/health/balancer.h"
#include "models/steering/load_balancer.h"
#include "sim/distribution.h"
#include "sim/network.h"
#include "sim/simulation.h"
#include "sim/time.h"

namespace parallax::world {

/// Of one data center.
struct AnalyticsConfig {
  sim::Duration summarise_interval{};  ///< > 0
};

/// Of all that have analytics.
struct StatisticsConfig {
  enum class Mode : std::uint8_t {
    kSeparate,    ///< each data center has its own database
    kReplicated,  ///< and they follow each other, each all others
    kShared,      ///< there is one
  };
  Mode mode{};
  propagation::schema::SummaryKey key{};
  management::Rewriting rewriting{};
  sim::Duration bucket{};                       ///< > 0
  sim::Duration ask_interval{};                 ///< > 0
  propagation::replication::StreamSpec stream;  ///< between databases that follow each other
  sim::SiteId master{};                         ///< of kShared
  std::optional<sim::SiteId> replica;           ///< likewise
  sim::Duration failover_time{};                ///< likewise
};

/// Gateways of a site pull their APIs when an event says so.
struct PullConfig {
  propagation::artifacts::PullSpec pull;
  propagation::artifacts::RequestSpec request;
  sim::SiteId source{};  ///< whose control plane they ask; it has a database of its own
};

/// When gateways of a site start they ask for their APIs, and are ready when that says so. Requires: they pull.
struct StartupConfig {
  propagation::artifacts::StartupSpec startup;
  propagation::artifacts::RequestSpec request;
  sim::SiteId source{};  ///< whose control plane they ask; it has a database of its own
};

/// What is published gets to gateways of a site as files (file_ways.h).
struct FilesConfig {
  enum class Way : std::uint8_t {
    kSvn,      ///< a Subversion repository at the site, its own or a mirror
    kFolder,   ///< gateways look into the folder of a site, mounted or on a file server
    kReplica,  ///< of the folder of another site, file by file
    kByHand,
    kCalls,  ///< web-service calls of the publisher
  };
  Way way{};
  sim::SiteId of{};      ///< whose repository, or folder; the own, or another's
  bool commits{false};   ///< of kSvn: its publisher checks in
  sim::Duration period;  ///< of a mirror, or between looks at a folder
  propagation::artifacts::AfterFailure after_failure{};
  propagation::artifacts::RequestSpec request;
  propagation::artifacts::SvnTaskSpec task;
  sim::Duration check_in_time{};
  propagation::artifacts::FileReplicaSpec replica;
  runtime::HalfDeployment half{};
  propagation::artifacts::ManualSpec manual;
  propagation::artifacts::CallSpec calls;
};

/// A node: its site, and its place among the site's.
struct NodePlace {
  sim::SiteId site{};
  std::uint32_t node{};
};

/// The brokers of one site's nodes, and whom its gateways listen to.
struct EventsConfig {
  struct Subscription {
    std::vector<NodePlace> brokers;    ///< in the order in which they are tried; empty: those of the own site that
                                       ///< publish on its topics, the own node's first
    std::vector<std::uint32_t> nodes;  ///< whose gateways; empty: all
    propagation::broker::SubscriberSpec spec;
  };
  std::vector<Subscription> subscriptions;
  runtime::OnReconnect on_reconnect{};
  bool tells_site{false};                       ///< what is published at one node goes to the brokers of the others too
  propagation::broker::BridgeSpec duplication;  ///< likewise
  propagation::broker::SenderSpec sender;       ///< likewise
};

/// What is published at the brokers of one site goes to those of another too.
struct BridgeConfig {
  sim::SiteId from{};
  sim::SiteId to{};
  propagation::broker::BridgeSpec bridge;
  propagation::broker::SenderSpec sender;
};

/// The gateways of these sites, all of opaque tokens, share their token caches.
struct CacheClusterConfig {
  std::string name;
  std::vector<sim::SiteId> sites;
  runtime::SharedTokensSpec tokens;
  propagation::caches::CacheClusterSpec cluster;
};

struct SiteConfig {
  std::string name;
  domain::Jurisdiction jurisdiction{};  ///< of a region: its users'
  std::vector<std::string> nodes;       ///< empty: a client region
  std::vector<runtime::PartSet> parts;  ///< of each node; empty: each does everything
  runtime::NodeSpec node;
  propagation::DatabaseSpec database;
  std::optional<sim::SiteId> database_at;  ///< it uses that site's, over `connections`, and has none of its own
  propagation::ConnectionPoolSpec connections;
  std::optional<sim::SiteId> validates_at;  ///< its gateways ask that site's key managers
  propagation::ConnectionPoolSpec validation_connections;
  std::uint32_t startup_statements{0};              ///< of a node that starts, one after the other
  std::optional<propagation::ClusterSpec> cluster;  ///< with an artifact store
  std::optional<PullConfig> pulls;                  ///< with events
  std::optional<StartupConfig> startup;             ///< with pulls; absent: what there is is loaded, then all are ready
  std::optional<FilesConfig> files;                 ///< without pulls; if one site that publishes has it, all have
  std::optional<EventsConfig> events;               ///< nodes tell each other through brokers
  std::vector<sim::SiteId> counted_at;              ///< whose traffic managers count its requests; empty: its own
  std::optional<AnalyticsConfig> analytics;         ///< with statistics
  bool measures_load{false};                        ///< as all data centers of a world do in which one has workers
  steering::AllSeeingBalancer::Spec balancer;
  std::optional<steering::health::BalancerSpec> checked_balancer;  ///< instead
};

/// Recursive resolvers of one class.
struct ResolversConfig {
  sim::SiteId at{};  ///< a region
  std::uint32_t count{1};
  double share{1};  ///< of the clients, by the sum of shares
  steering::dns::ResolverSpec spec;
};

struct RegionConfig {
  sim::SiteId region{};
  steering::DnsSpec dns;
  std::vector<sim::SiteId> preferred;        ///< data centers in the order of preference
  std::vector<ResolversConfig> resolvers{};  ///< that its clients ask, in a world with a zone
};

/// Over which the databases of data centers follow each other.
struct ReplicationConfig {
  sim::SiteId from{};
  sim::SiteId to{};
  sim::VirtualTime starts;  ///< later than 0: the target joins then, with an image of the origin
  propagation::replication::StreamSpec spec;
};

struct CatalogConfig {
  std::uint32_t apis{1};
  std::uint32_t unpublished_apis{0};  ///< the last ones; they are published during the run
  std::uint32_t applications{1};
  std::uint32_t subscriptions_per_application{1};
  std::uint32_t subscriptions_to_add{0};  ///< further ones that do not exist at the start, one per application in turn
  std::uint32_t tokens{1};
  struct WeightedTier {
    domain::Tier tier;
    std::uint32_t share{1};
  };
  std::vector<WeightedTier> tiers;                  ///< at least one
  std::vector<domain::Jurisdiction> jurisdictions;  ///< of the populations' users, who hold the tokens in turn
  sim::Duration token_validity{};                   ///< ages at the start are uniform over it
};

struct PopulationConfig {
  std::string name;
  sim::SiteId region{};
  sim::Distribution gap;  ///< of steering::ArrivalSpec
  double token_popularity{1};
  sim::Duration timeout{};
  std::uint32_t retries{0};
  steering::BackoffSpec backoff;
  double roaming{0};
  std::optional<steering::BurstSpec> bursts{};
  std::optional<steering::DaySpec> day{};
  std::vector<sim::SiteId> tokens_from{};  ///< in the order of preference; empty: wherever its calls go

  // In a world with a zone.
  struct ClientCaches {
    steering::dns::ClientCacheSpec spec;
    double share{1};
  };
  std::vector<ClientCaches> client_caches{};
  std::optional<steering::dns::KeepAliveSpec> keep_alive{};

  steering::Service asks_for{steering::Service::kApi};
  double drops_cookies{0};

  // In place of the gap.
  std::optional<sim::Distribution> think{};
  std::optional<steering::TraceSpec> trace{};
};

/// The hands that the APIs' host name is in: a DNS provider, instead of each region's geo DNS.
struct ZoneConfig {
  struct Checks {
    steering::dns::MonitorSpec spec;
    std::vector<sim::SiteId> vantage_points;  ///< regions
    sim::SiteId gathered_at{};                ///< a region
  };
  std::vector<sim::SiteId> authorities;
  steering::dns::PolicySpec policy;  ///< geography and latencies are the world's to fill in
  sim::Duration negative_ttl{};
  std::optional<Checks> checks{};
};

/// The host names have no address meanwhile.
struct EmptiedRecord {
  sim::VirtualTime from;
  sim::VirtualTime until;
  std::uint32_t fault;
};

/// An authority gives no answers meanwhile.
struct SilentAuthority {
  std::size_t authority;  ///< its place in ZoneConfig::authorities
  sim::VirtualTime from;
  sim::VirtualTime until;
  std::uint32_t fault;
};

/// Poisson writes of one kind.
struct WriteConfig {
  std::string name;
  management::Task task{};
  sim::SiteId site{};
  sim::VirtualTime from;
  sim::VirtualTime until;
  sim::Distribution gap;
  std::uint32_t count{0};  ///< of kAddSubscriptions: at most so many; of kRequestTokens, kSignIn: how many people
};

/// What database administrators do, once each.
struct DatabaseTask {
  enum class Kind : std::uint8_t {
    kRunScripts,     ///< of this site again: its data-center id and its sequences, as DDL
    kAddColumn,      ///< to the table of subscriptions, as DDL
    kResynchronise,  ///< this site is made anew from an image of `source`
    kPromote,        ///< this site's database takes writes from now on
    kFence,          ///< and this one's none any more
  };
  Kind kind{};
  sim::SiteId site{};
  sim::VirtualTime at;
  sim::SiteId source{};
};

/// kApiPublished: APIs first..first+count-1; kApiRetired: the same of published ones. Each at an instant drawn
/// uniformly from its own of `count` equal parts of [from, until), so that no schedule falls into step with a poll.
struct ApiWritesConfig {
  std::string name;
  domain::ChangeKind task{};
  sim::SiteId site{};
  sim::VirtualTime from;
  sim::VirtualTime until;
  domain::ApiId first{};
  std::uint32_t count{0};
  sim::Distribution operator_delay;  ///< of publishing by hand, per further node
  /// A published API is published once more, as a new revision, by another site.
  struct Again {
    sim::SiteId site{};
    sim::Duration after{};
  };
  std::optional<Again> again{};
};

/// An administrator changes a throttling policy, once.
struct PolicyChangeConfig {
  sim::SiteId site{};
  management::PolicyChangeSpec spec;
};

enum class Disk : std::uint8_t { kKept, kLost };

/// One node is away, and loses its memory; its site goes on.
struct NodeOutage {
  sim::SiteId site{};
  std::uint32_t node{};  ///< its place among the site's
  sim::VirtualTime from;
  sim::VirtualTime until;
  propagation::broker::HostLoss how{};
};

/// A data center without power: its nodes lose their memory, no message gets in or out.
struct SiteOutage {
  sim::SiteId site{};
  sim::VirtualTime from;
  sim::VirtualTime until;
  Disk disk{Disk::kKept};
};

/// Out of use for a while by order, though it works: a site, or one of its nodes.
struct Drain {
  sim::SiteId site{};
  std::optional<std::uint32_t> node;  ///< its place among the site's
  sim::VirtualTime from;
  sim::VirtualTime until;
  std::uint32_t fault;
};

/// Clocks of a site's nodes are off for a while (domain/clock_error.h).
struct ClockFault {
  sim::SiteId site{};
  std::optional<std::uint32_t> node;  ///< its place among the site's; absent: all of them
  sim::Duration offset{};             ///< ahead; behind if negative
  std::int64_t drift{0};              ///< nanoseconds gained in each second, besides
  std::uint32_t number{0};            ///< of the fault
  std::vector<sim::Spell> spells;     ///< in order, apart
};

/// The site's database refuses what would write meanwhile.
struct FullDisk {
  sim::SiteId site{};
  std::uint32_t number{0};         ///< of the fault
  std::vector<sim::Spell> spells;  ///< in order, apart
};

/// Health checks from `at`, a vantage point of the zone or a site's balancer, come to this whatever they find.
struct WrongChecks {
  sim::SiteId at{};
  steering::health::Status says{};
  std::optional<std::uint32_t> about;  ///< of a vantage point a site, of a balancer a node's place; absent: all
  std::uint32_t number{0};             ///< of the fault
  std::vector<sim::Spell> spells;      ///< in order, apart
};

/// A node's process stands still and keeps its memory.
struct NodeFreeze {
  sim::SiteId site{};
  std::uint32_t node{};            ///< its place among the site's
  std::uint32_t number{0};         ///< of the fault
  std::vector<sim::Spell> spells;  ///< in order, apart
};

/// How the engine runs the world. The number of threads never shows in a result; a limit does once it is reached.
struct Execution {
  unsigned threads{1};  ///< 0: one for each core
  sim::Limits limits{};
  sim::VirtualTime until{sim::kNever};     ///< not beyond this instant
  const std::atomic<bool>* stop{nullptr};  ///< set from elsewhere, ends the run at once
};

struct WorldConfig {
  std::uint64_t seed{1};
  sim::Duration duration{};
  Execution execution{};
  std::vector<SiteConfig> sites;  ///< data centers and client regions; SiteId is the index
  std::vector<RegionConfig> regions;
  std::optional<ZoneConfig> zone{};
  std::vector<EmptiedRecord> emptied_records{};
  std::vector<SilentAuthority> silent_authorities{};
  std::vector<sim::LinkSpec> links;
  std::vector<sim::LinkOutage> outages;  ///< those of site outages too
  std::vector<sim::Disturbance> disturbances;
  std::vector<SiteOutage> site_outages;
  std::vector<NodeOutage> node_outages;
  std::vector<ClockFault> clock_faults;
  std::vector<Drain> drains{};
  std::vector<sim::Refusal> refusals;
  std::vector<FullDisk> full_disks;
  std::vector<WrongChecks> wrong_checks;
  std::vector<NodeFreeze> node_freezes;
  std::vector<domain::Stage> stage_of_fault;  ///< by fault number: what waits for it is charged to this
  std::vector<ReplicationConfig> replications;
  CatalogConfig catalog;
  std::vector<PopulationConfig> populations;
  std::vector<WriteConfig> writes;
  std::vector<ApiWritesConfig> api_writes;
  std::vector<PolicyChangeConfig> policy_changes;
  std::vector<DatabaseTask> database_tasks;
  std::optional<StatisticsConfig> statistics;
  std::vector<BridgeConfig> bridges;
  std::vector<CacheClusterConfig> cache_clusters;
  sim::SiteId sequence_home{};  ///< where the common sequence is, for sites with such keys
};

}  // namespace parallax::world
