// Where a data center takes calls from outside: what a host name leads to.
#pragma once

#include "models/steering/call.h"
#include "models/steering/drains.h"
#include "sim/site.h"

namespace parallax::steering {

class FrontDoor {
 public:
  virtual ~FrontDoor() = default;
  FrontDoor(const FrontDoor&) = delete;
  FrontDoor& operator=(const FrontDoor&) = delete;

  sim::SiteId site() const { return site_.id(); }

  // At its site.
  virtual void call(const ApiCall& call) = 0;
  virtual void request_token(const TokenCall& call) = 0;
  virtual void open_page(const PageCall& call) = 0;

  /// What a health check of the APIs sees: an answer, with a good status or not.
  virtual bool answers() const = 0;
  virtual bool is_healthy() const = 0;

  /// Calls so far whose client belonged to a node, here or in another data center, and was given another one.
  virtual std::uint64_t affinity_lost() const = 0;

  // A node, by its place, gets no new clients; those that belong to it stay. Each call that comes meanwhile is touched.
  virtual void drain(std::size_t node, std::uint32_t fault) { drains_.begin(node, fault); }
  virtual void restore(std::size_t node, std::uint32_t fault) { drains_.end(node, fault); }

  /// Sends the answer to a health check back.
  void reply(sim::SiteId to, const sim::Action& answer) { site_.send(to, answer); }

 protected:
  explicit FrontDoor(sim::Site& site) : site_{site} {}
  sim::Site& own_site() { return site_; }
  const Drains& drains() const { return drains_; }
  void note_drains() {
    drains_.for_each([this](std::uint32_t fault) { site_.touched_by(fault); });
  }

 private:
  sim::Site& site_;
  Drains drains_;
};

}  // namespace parallax::steering
