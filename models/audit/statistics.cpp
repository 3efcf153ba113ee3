#include "models/audit/statistics.h"

#include <algorithm>
#include <numeric>

namespace parallax::audit {

namespace {

std::uint64_t excess(std::uint64_t of, std::uint64_t over) { return of > over ? of - over : 0; }
std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return excess(a, b) + excess(b, a); }

template <typename Totals, typename Difference>
std::uint64_t sum(const Totals& one, const Totals& other, Difference difference) {
  return std::transform_reduce(one.begin(), one.end(), other.begin(), std::uint64_t{0}, std::plus{}, difference);
}

}  // namespace

Statistics::Statistics(const Setup& setup) : answers_(setup.sites) {
  if (setup.has_statistics) truth_.resize(setup.catalog->apis.size());
  waiting_.resize(truth_.size());
}

void Statistics::asked(const domain::TotalsAsked& question) {
  ++found_.questions;
  ++found_.unanswered;
  if (question.question == question_) return;
  question_ = question.question;
  for (Totals& answer : answers_) answer.clear();
}

void Statistics::answered(const domain::TotalAnswered& answer) {
  if (answer.question != question_) return;
  Totals& totals = answers_[sim::index(answer.site)];
  totals.push_back(answer.total);
  if (totals.size() < truth_.size()) return;
  --found_.unanswered;
  compare_with_truth(totals);
  compare_with_others(totals);
}

double Statistics::share_of_truth(std::uint64_t requests) const {
  const auto all = std::accumulate(truth_.begin(), truth_.end(), std::uint64_t{0});
  return all == 0 ? 0 : static_cast<double>(requests) / static_cast<double>(all);
}

void Statistics::compare_with_truth(const Totals& totals) {
  const std::uint64_t error = sum(totals, truth_, distance);
  found_.error_max = std::max(found_.error_max, error);
  found_.error_ratio_max = std::max(found_.error_ratio_max, share_of_truth(error));
}

void Statistics::compare_with_others(const Totals& totals) {
  for (const Totals& other : answers_) {
    if (other.size() < truth_.size()) continue;
    const std::uint64_t difference = sum(totals, other, distance);
    found_.disagreement_ratio_max = std::max(found_.disagreement_ratio_max, share_of_truth(difference));
  }
}

void Statistics::closed(const domain::TotalClosed& total) {
  closing_[total.site].push_back(total.total);
  waiting_[domain::index(total.api)] += total.waiting;
}

void Statistics::finish(Findings& findings) {
  found_.are_kept = are_kept();
  Totals due = truth_;  // in summaries by the end
  for (std::size_t api = 0; api < due.size(); ++api) due[api] = excess(due[api], waiting_[api]);
  for (const auto& [site, totals] : closing_) {
    found_.uncounted_end = std::max(found_.uncounted_end, sum(due, totals, excess));
    found_.double_counted_end = std::max(found_.double_counted_end, sum(totals, due, excess));
  }
  findings.statistics = found_;
}

}  // namespace parallax::audit
