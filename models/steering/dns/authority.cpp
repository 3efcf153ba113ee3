#include "models/steering/dns/authority.h"

namespace parallax::steering::dns {

Authority::Authority(sim::Site& site, const std::string& name, const ZoneSpec& zone, std::size_t sites)
    : site_{site},
      negative_ttl_{zone.negative_ttl},
      is_healthy_(sites, 1),
      draws_{site.stream(name, "weighted answers")},
      is_listed_(sites, 1) {
  for (const PolicySpec& policy : zone.names) policies_.emplace_back(policy);
}

void Authority::drain(sim::SiteId data_center, std::uint32_t fault) {
  drains_.begin(sim::index(data_center), fault);
  is_listed_[sim::index(data_center)] = 0;
}

void Authority::restore(sim::SiteId data_center, std::uint32_t fault) {
  drains_.end(sim::index(data_center), fault);
  is_listed_[sim::index(data_center)] = drains_.holds(sim::index(data_center)) ? 0 : 1;
}

Answer Authority::answer_to(const AuthorityQuery& query) {
  Answer answer;
  answer.code = Code::kNoData;
  if (!emptied_by_.empty()) {
    site_.touched_by(emptied_by_.front());
  } else if (query.name) {
    drains_.for_each([this](std::uint32_t fault) { site_.touched_by(fault); });
    answer = policies_[index(*query.name)].answer(query.location, is_healthy_, is_listed_, draws_);
  }
  if (!answer.has_address()) answer.ttl = negative_ttl_;
  return answer;
}

void Authority::ask(const AuthorityQuery& query) {
  if (!is_answering_) return;
  if (!silenced_by_.empty()) return site_.touched_by(silenced_by_.front());
  site_.send(query.site, [from = query.from, number = query.query, serial = query.serial, answer = answer_to(query)] {
    from->answered(number, serial, answer);
  });
}

}  // namespace parallax::steering::dns
