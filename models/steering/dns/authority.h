// An authoritative server of the zone, or a provider's location of many with one address (anycast: each resolver asks
// the nearest; then each location is one of these). It answers at once from what it knows at that instant of records
// and of the data centers' health, which it is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/steering/dns/answer.h"
#include "models/steering/dns/policy.h"
#include "models/steering/dns/spec.h"
#include "models/steering/drains.h"
#include "sim/site.h"

namespace parallax::steering::dns {

enum class Health : std::uint8_t { kUnhealthy, kHealthy };

/// Whoever asks an authority.
class Upstream {
 public:
  virtual void answered(std::size_t query, std::uint32_t serial, const Answer& answer) = 0;

 protected:
  ~Upstream() = default;
};

struct AuthorityQuery {
  Upstream* from;
  sim::SiteId site;            ///< of `from`
  sim::SiteId location;        ///< of the client as far as the authority is told
  std::optional<NameId> name;  ///< nothing: a label above the names, which has no address
  std::uint32_t serial;
  std::uint32_t query;
};

class Authority {
 public:
  /// `sites`: of the simulation. All data centers are healthy until it is told otherwise (Route 53 too takes a new
  /// check for healthy).
  Authority(sim::Site& site, const std::string& name, const ZoneSpec& zone, std::size_t sites);
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  sim::Site& site() const { return site_; }

  // All of it at its site.
  void ask(const AuthorityQuery& query);
  void set_record(NameId name, PolicySpec policy) { policies_[index(name)] = Policy{std::move(policy)}; }
  void set_health(sim::SiteId data_center, Health health) {
    is_healthy_[sim::index(data_center)] = health == Health::kHealthy ? 1 : 0;
  }

  // What happens to it: it takes queries and says nothing.
  void lost() { is_answering_ = false; }
  void restored() { is_answering_ = true; }
  // Faults, each with a number: no name has an address, or no query is answered, while there is any. Each query that
  // is touched counts for the one that came first.
  void empty_by(std::uint32_t fault) { emptied_by_.push_back(fault); }
  void no_more_empty_by(std::uint32_t fault) { std::erase(emptied_by_, fault); }
  // By order a data center is in no record. Each query meanwhile is touched.
  void drain(sim::SiteId data_center, std::uint32_t fault);
  void restore(sim::SiteId data_center, std::uint32_t fault);
  void silence_by(std::uint32_t fault) { silenced_by_.push_back(fault); }
  void no_more_silent_by(std::uint32_t fault) { std::erase(silenced_by_, fault); }

 private:
  Answer answer_to(const AuthorityQuery& query);

  sim::Site& site_;
  std::vector<Policy> policies_;
  sim::Duration negative_ttl_;
  std::vector<std::uint8_t> is_healthy_;  ///< by site
  sim::Stream draws_;
  bool is_answering_{true};
  Drains drains_;
  std::vector<std::uint8_t> is_listed_;  ///< by site
  std::vector<std::uint32_t> emptied_by_{};
  std::vector<std::uint32_t> silenced_by_{};
};

}  // namespace parallax::steering::dns
