// How what is published gets to gateways as files: the entities that SiteConfig::files asks for, their repositories,
// folders and people, and what happens to them when their hosts are lost.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/propagation/artifacts/called_publishing.h"
#include "models/propagation/artifacts/file_replica.h"
#include "models/propagation/artifacts/manual_publishing.h"
#include "models/propagation/artifacts/poller.h"
#include "models/propagation/artifacts/repository.h"
#include "models/propagation/artifacts/requester.h"
#include "models/propagation/artifacts/svn_manager.h"
#include "models/propagation/artifacts/svn_worker.h"
#include "models/runtime/file_deployer.h"
#include "models/world/config.h"
#include "models/world/data_center.h"

namespace parallax::world {

class FileWays {
 public:
  /// Before the run. `data_centers`: by site, null for regions. They outlive this.
  FileWays(const WorldConfig& config, const DataCenters& data_centers);
  FileWays(const FileWays&) = delete;
  FileWays& operator=(const FileWays&) = delete;

  /// Where a site's publisher hands over what it has published; null where files are not the way.
  propagation::artifacts::Sink* outlet(sim::SiteId site);

  void start();

 private:
  /// What a publisher at one site writes to.
  class Outlet final : public propagation::artifacts::Sink {
   public:
    void take(const propagation::artifacts::Parcel& parcel) override;

    propagation::artifacts::SvnManager* manager{nullptr};
    propagation::artifacts::Repository* folder{nullptr};
    std::vector<propagation::artifacts::FileReplica*> replicas{};
    propagation::artifacts::ManualPublishing* by_hand{nullptr};
    propagation::artifacts::CalledPublishing* calls{nullptr};
  };
  /// Where the host of a manager deploys that is no gateway.
  class Nowhere final : public propagation::artifacts::Sink {
   public:
    void take(const propagation::artifacts::Parcel&) override {}
  };
  /// Of one site.
  struct Here {
    Here(const SiteConfig& config_of, DataCenter& center) : config{config_of}, data_center{center} {}

    const SiteConfig& config;
    DataCenter& data_center;
    std::unique_ptr<propagation::artifacts::Repository> repository{};  ///< Subversion's, or a folder that others read
    std::unique_ptr<propagation::artifacts::Poller> mirror{};
    std::unique_ptr<propagation::artifacts::SvnManager> manager{};
    std::vector<std::unique_ptr<propagation::artifacts::SvnWorker>> workers{};
    std::vector<std::unique_ptr<propagation::artifacts::Poller>> pollers{};
    std::vector<std::unique_ptr<propagation::artifacts::FileReplica>> replicas{};
    std::unique_ptr<propagation::artifacts::ManualPublishing> by_hand{};
    std::unique_ptr<propagation::artifacts::CalledPublishing> calls{};
    std::vector<std::unique_ptr<propagation::artifacts::Requester>> requesters{};
    std::vector<std::unique_ptr<runtime::FileDeployer>> deployers{};
    Outlet outlet{};
  };

  void build(Here& here);
  void build_svn(Here& here);
  void build_mirror(Here& here, Here& master);
  void build_manager(Here& here, Here& master);
  void build_worker(Here& here, runtime::Node& node);
  void build_poller(Here& here, Here& source, runtime::Node& node);
  void build_replica(Here& here, Here& origin);
  void build_by_hand(Here& here);
  void build_calls(Here& here);
  Here& of(const Here& here) { return *sites_[sim::index(here.config.files->of)]; }
  /// Where publishers of a site work.
  static runtime::Node* home(Here& here);
  propagation::artifacts::Requester& requester(Here& client, Here& server, const std::string& name,
                                               const propagation::artifacts::RequestSpec& spec);
  runtime::FileDeployer& deployer(Here& here, runtime::Node& node);

  const WorldConfig& config_;
  Nowhere nowhere_;
  std::vector<std::unique_ptr<Here>> sites_;  ///< by site; null where files are not the way
};

}  // namespace parallax::world
