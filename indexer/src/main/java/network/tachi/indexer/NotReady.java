package network.tachi.indexer;

/**
 * Why the store is not at a chain's head.
 *
 * @param reason a stable snake_case word
 * @param detail one sentence for people; no secrets
 */
public record NotReady(String reason, String detail) {}
