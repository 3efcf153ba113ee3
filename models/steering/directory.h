// How a session finds the data center that its calls go to: the geo DNS of its region (dns.h), or a zone, recursive
// resolvers and what clients keep (dns/client_directory.h). One directory stands for one host name.
#pragma once

#include <cstdint>

#include "models/steering/call.h"
#include "models/steering/front_door.h"

namespace parallax::steering {

/// Whoever looks for the way.
class Seeker {
 public:
  /// Null: the name has no address, or nobody could be asked for it. `question`: as the seeker numbered it.
  virtual void found(SessionId session, std::uint64_t question, FrontDoor* door) = 0;

  /// It leads to `door`, and the connection that it takes would be refused there for a certificate.
  virtual void refused(SessionId session, std::uint64_t question, FrontDoor& door) = 0;

 protected:
  ~Seeker() = default;
};

/// Whether a call goes where the name leads, or to another data center as those of users who roam.
enum class Way : std::uint8_t { kAsTold, kElsewhere };

/// No data center.
inline constexpr sim::SiteId kNowhere{0xffff};

class Directory {
 public:
  /// The seeker is told, at once if it is known.
  virtual void find(Seeker& seeker, SessionId session, std::uint64_t question, Way way) = 0;

  /// What the session sent to this data center had no answer in time; kNowhere: to where it was led last.
  virtual void failed(SessionId /*session*/, sim::SiteId /*called*/) {}

 protected:
  ~Directory() = default;
};

}  // namespace parallax::steering
