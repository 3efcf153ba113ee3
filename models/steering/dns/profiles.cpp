#include "models/steering/dns/profiles.h"

#include <array>

namespace parallax::steering::dns {

using sim::seconds;

// The defaults of ResolverSpec and ServerViewSpec are Unbound's; beside each stands the option or the constant in its
// source. unbound.conf(5) of 1.17: cache-min-ttl 0, cache-max-ttl 86400, cache-max-negative-ttl 3600, prefetch no,
// serve-expired no, serve-expired-ttl 0, serve-expired-reply-ttl 30, infra-host-ttl 900, outbound-msg-retry 5,
// qname-minimisation yes (which shows only where names lie below a label of their own).
ResolverSpec unbound() { return {}; }

namespace {

ResolverSpec stretching() {
  ResolverSpec spec = unbound();
  spec.least_ttl = seconds(300);
  return spec;
}

ResolverSpec serving_expired_answers() {
  ResolverSpec spec = unbound();
  spec.expired = Expired::kServed;
  return spec;
}

ResolverSpec shortening() {
  ResolverSpec spec = unbound();
  spec.greatest_ttl = seconds(60);
  return spec;
}

constexpr ClientCacheSpec keeping(Keeps keeps, sim::Duration kept = {}, sim::Duration failures_kept = {}) {
  ClientCacheSpec spec;
  spec.keeps = keeps;
  spec.kept = kept;
  spec.failures_kept = failures_kept;
  return spec;
}

}  // namespace

// Of 8,524 resolvers seen from five or more vantage points 8.74 % lengthened TTLs (Bhowmick et al., "TTL Violation of
// DNS Resolvers in the Wild", PAM 2023); to how long is not said in what we have: 300 s is our choice. How many serve
// expired answers nobody has counted (the study's 44.1 % are validating resolvers that went beyond a signature's end),
// nor how many shorten them, as Amazon's in EC2 did, to 60 s (SIDN Labs, 2017): so neither has a share by default.
std::span<const ResolverClass> resolver_classes() {
  static const std::array<ResolverClass, 4> kClasses{{{"compliant", unbound(), 0.9126},
                                                      {"stretching", stretching(), 0.0874},
                                                      {"serving_expired", serving_expired_answers(), 0},
                                                      {"shortening", shortening(), 0}}};
  return kClasses;
}

// Chrome's host cache keeps an address for 60 s (net/dns, kCacheEntryTTLSeconds; failures are not kept). Java keeps it
// for 30 s, with a security manager for ever, and failures for 10 s (java.security: networkaddress.cache.ttl and
// .negative.ttl); Amazon's SDK for Java 2.x asks for 5 s (its developer guide, "Set the JVM TTL for DNS name lookups").
std::span<const ClientCacheProfile> client_cache_profiles() {
  static constexpr std::array<ClientCacheProfile, 6> kProfiles{
      {{"none", keeping(Keeps::kNothing)},
       {"ttl", keeping(Keeps::kForItsTtl)},
       {"browser", keeping(Keeps::kFixed, seconds(60))},
       {"jvm", keeping(Keeps::kFixed, seconds(30), seconds(10))},
       {"jvm_aws_sdk", keeping(Keeps::kFixed, seconds(5), seconds(10))},
       {"jvm_security_manager", keeping(Keeps::kForEver, {}, seconds(10))}}};
  return kProfiles;
}

std::optional<ClientCacheSpec> client_cache_named(std::string_view name) {
  for (const ClientCacheProfile& profile : client_cache_profiles()) {
    if (profile.name == name) return profile.spec;
  }
  return std::nullopt;
}

// Amazon Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy": an interval of
// 30 or 10 s, a failure threshold of 3 by default, both ways; over HTTP a connection within 4 s and an answer within 2
// s after it; healthy if more than 18 % of the checkers say so.
MonitorSpec route53_checks() {
  MonitorSpec spec;
  spec.check.interval = seconds(30);
  spec.check.interval_from = health::IntervalFrom::kStart;
  spec.check.fall = spec.check.rise = 3;
  spec.check.probe = health::Probe::kRequest;
  spec.check.connect_timeout = seconds(4);
  spec.check.answer_timeout = seconds(2);
  spec.quorum_percent = 18;
  return spec;
}

MonitorSpec route53_fast_checks() {
  MonitorSpec spec = route53_checks();
  spec.check.interval = seconds(10);
  return spec;
}

}  // namespace parallax::steering::dns
