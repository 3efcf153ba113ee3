// A replica of a shared file system in another data center, which follows file by file and in no order (a replicated
// network file system, rsync, a cloud's cross-region replication). An API is several files: its definition, sequences,
// endpoints, a throttle policy. So for a while some of them are there and others are not; a gateway that scans the
// folder then finds half a deployment. What it makes of that is its own affair: it is told which files it has seen.
//
// Runtime artifacts, throttle policies and tenants lie under paths of their own, each of which is replicated by itself,
// or was forgotten.
//
//   written   definition   sequences  scan          endpoints   scan
//   |---------|------------|----------|-------------|-----------|
//                                     half of it                all of it
//
// Stages, of each file: artifact_copy [its delay + the way], link_down while the way is cut [the rest of the cut + a
// retry]; of the last one that a scan has found: deployment_scan [0, scan interval].
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/propagation/artifacts/parcel.h"
#include "models/propagation/artifacts/spec.h"
#include "sim/distribution.h"
#include "sim/random.h"

namespace parallax::propagation::artifacts {

/// Which files of a version somebody has seen.
struct Completeness {
  std::uint32_t present{0};  ///< a bit for each, in the order of FileReplicaSpec::files
  std::uint32_t all{0};

  bool is_whole() const { return present == all; }
  bool is_half() const { return !is_whole() && present != 0; }
  bool has(std::size_t file) const { return (present >> file & 1) != 0; }
  friend bool operator==(const Completeness&, const Completeness&) = default;
};

/// A gateway that scans the folder.
class Scanner {
 public:
  virtual ~Scanner() = default;
  /// It has found files of this version that it had not found before; `parcel` is the last of them that came.
  virtual void found(const Parcel& parcel, const Completeness& completeness) = 0;
};

class FileReplica {
 public:
  /// `name`: of random streams. `stage_of_fault`: by fault number.
  FileReplica(const Place& from, const Place& to, const std::string& name, const FileReplicaSpec& spec,
              std::vector<domain::Stage> stage_of_fault);
  FileReplica(const FileReplica&) = delete;
  FileReplica& operator=(const FileReplica&) = delete;

  /// `name`: of the stream of its scans' phase. Before the run.
  void add_scanner(Scanner& gateway, const std::string& name);

  /// All files of a version are written where they are written, now.
  void write(Parcel parcel);

  /// What is at the replica now, of the newest version that any file there is of.
  Completeness completeness(domain::ApiId api) const;

 private:
  struct Copy {
    domain::Version version;
    std::uint32_t present{0};
    Parcel last;  ///< that came
  };
  struct Reader {
    Scanner* gateway;
    sim::Duration phase;
    std::vector<Completeness> seen{};   ///< by API
    std::vector<domain::Version> of{};  ///< likewise
  };

  void send(Parcel parcel, std::uint32_t file);
  void arrive(Parcel parcel, std::uint32_t file);
  void scan(Reader& reader, domain::ApiId api);
  std::uint32_t all() const;

  Place from_;
  Place to_;
  FileReplicaSpec spec_;
  std::vector<domain::Stage> stage_of_fault_;
  std::string name_;
  sim::Stream delays_;
  std::vector<Copy> copies_;  ///< by API
  std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace parallax::propagation::artifacts
