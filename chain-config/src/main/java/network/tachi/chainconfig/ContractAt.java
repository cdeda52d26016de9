package network.tachi.chainconfig;

import network.tachi.evm.Address;

/**
 * A contract on a chain.
 *
 * @param name what it is
 * @param address where it is
 * @param startBlock the first block that can hold one of its events
 */
public record ContractAt(ContractName name, Address address, long startBlock) {}
