// A request as a balancer handles it, and what becomes of it.
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>

namespace parallax::steering::health {

/// Small enough to travel in an action.
struct Request {
  static constexpr std::uint32_t kNoCookie = 0xffff'ffff;
  static constexpr std::uint64_t kNoConnection = 0;

  std::uint64_t number{0};                  ///< the sender's
  std::uint32_t source{0};                  ///< the client's address
  std::uint32_t cookie{kNoCookie};          ///< the server that it names
  std::uint64_t connection{kNoConnection};  ///< the client's, where a balancer balances connections
};
static_assert(std::is_trivially_copyable_v<Request> && sizeof(Request) <= 24);

enum class Result : std::uint8_t {
  kAnswered,
  kBadAnswer,     ///< the server answered with an error
  kNoServer,      ///< 503: none is up
  kNotConnected,  ///< 503: refused or silent, and no retry left
  kQueueFull,     ///< 503: it waited too long for a free connection
  kNoAnswer,      ///< 504
  kBroken,        ///< 502: the connection broke before the answer; whether the request was served nobody knows
};

/// How a balancer knows a client again.
enum class Persistence : std::uint8_t {
  kNone,
  kCookie,
  kSourceTable,  ///< remembers the server of each address (HAProxy: stick on src)
};

/// Whether a client that belonged to a server got there.
enum class Affinity : std::uint8_t {
  kNone,  ///< it belonged to none
  kKept,
  kLost,  ///< its server cannot be used; what that kept for it is gone
};

struct Reply {
  Request request;
  Result result{};
  Affinity affinity{};
  std::uint32_t server{0};   ///< the last one tried; it is what a cookie would name from now on
  std::uint32_t retries{0};  ///< made
};

/// A client's cookie. Some clients drop it, and are balanced anew with every request.
class CookieJar {
 public:
  enum class Cookies : std::uint8_t { kKept, kDropped };

  explicit CookieJar(Cookies cookies) : cookies_{cookies} {}

  void put_into(Request& request) const { request.cookie = cookie_; }
  void take_from(const Reply& reply) {
    if (cookies_ == Cookies::kKept && reply.result == Result::kAnswered) cookie_ = reply.server;
  }

 private:
  Cookies cookies_;
  std::uint32_t cookie_{Request::kNoCookie};
};

}  // namespace parallax::steering::health
