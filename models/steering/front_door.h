// Where a data center takes calls from outside: what a host name leads to.
#pragma once

#include "models/steering/call.h"
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

  /// Sends the answer to a health check back.
  void reply(sim::SiteId to, const sim::Action& answer) { site_.send(to, answer); }

 protected:
  explicit FrontDoor(sim::Site& site) : site_{site} {}
  sim::Site& own_site() { return site_; }

 private:
  sim::Site& site_;
};

}  // namespace parallax::steering
