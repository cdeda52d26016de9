package network.tachi.contracts.deploy;

import java.time.Duration;

/**
 * All windows and delays of a network, in whole seconds.
 *
 * @param payoutDelay until a new payout address is paid
 * @param replacementDelay in which a verified holder may answer another's proof of its domain
 * @param recoveryDelay until a licence is moved by its recovery address
 * @param feeDelay until a higher protocol fee is taken
 * @param bucket over which a publisher's payments are collected
 * @param hold after a bucket's end, in which its payments can be disputed: two buckets
 * @param answer for the publisher to answer a dispute
 * @param escalate for the crawler to escalate
 * @param rule for the arbiter to rule
 * @param thaw from a withdrawal's request until it can be made
 * @param thawFallback after which the last finalised header counts, however old
 * @param revokeDelay until a signer's revocation takes effect
 * @param pending of a header, until it can be finalised; the shortest there may ever be
 * @param longestPending to which the admin may lengthen it, with the delay of a configuration
 * @param bondNotice from the notice of a bond's withdrawal until it can be made
 * @param configDelay until a new signer configuration can be activated
 * @param demand in which a demand about a pending header must be answered
 * @param pot in which the parties of a voided header may claim from the lost bond
 */
public record Windows(
    Duration payoutDelay,
    Duration replacementDelay,
    Duration recoveryDelay,
    Duration feeDelay,
    Duration bucket,
    Duration hold,
    Duration answer,
    Duration escalate,
    Duration rule,
    Duration thaw,
    Duration thawFallback,
    Duration revokeDelay,
    Duration pending,
    Duration longestPending,
    Duration bondNotice,
    Duration configDelay,
    Duration demand,
    Duration pot) {
  /** The short windows of local networks. */
  public static Windows local() {
    return new Windows(
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(15),
        Duration.ofSeconds(18),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20),
        Duration.ofSeconds(4),
        Duration.ofSeconds(60));
  }

  /** The windows of public networks. */
  public static Windows production() {
    return new Windows(
        Duration.ofDays(2),
        Duration.ofHours(48),
        Duration.ofDays(7),
        Duration.ofDays(14),
        Duration.ofDays(1),
        Duration.ofDays(2),
        Duration.ofDays(3),
        Duration.ofDays(3),
        Duration.ofDays(7),
        Duration.ofHours(24),
        Duration.ofDays(14),
        Duration.ofHours(12),
        Duration.ofHours(6),
        Duration.ofMinutes(450),
        Duration.ofDays(14),
        Duration.ofHours(48),
        Duration.ofHours(1),
        Duration.ofDays(30));
  }
}
