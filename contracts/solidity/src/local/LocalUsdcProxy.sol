// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Proxy of the local USDC
/// @notice Stands in for Circle's FiatTokenProxy on local chains: the same two storage slots, and the same reads of them
/// on every call. Its runtime code has no immutables, so that it can be put at any address with `anvil_setCode`.
contract LocalUsdcProxy {
    /// @dev keccak256("org.zeppelinos.proxy.implementation"), as in Circle's proxy.
    bytes32 private constant IMPLEMENTATION_SLOT = 0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3;
    /// @dev keccak256("org.zeppelinos.proxy.admin").
    bytes32 private constant ADMIN_SLOT = 0x10d6a54a4754c8869d6886b5f5d7fbfa5b4522237ea5c60d11bc4e7a1ff9390b;

    event Upgraded(address implementation);
    event AdminChanged(address previousAdmin, address newAdmin);

    /// @notice Sets implementation and admin, once.
    /// @param newAdmin may call only the proxy's own functions, as with Circle's.
    function install(address newImplementation, address newAdmin) external {
        require(_read(IMPLEMENTATION_SLOT) == address(0), "LocalUsdcProxy: already installed");
        require(newImplementation.code.length != 0, "LocalUsdcProxy: no code");
        _write(IMPLEMENTATION_SLOT, newImplementation);
        _write(ADMIN_SLOT, newAdmin);
        emit Upgraded(newImplementation);
        emit AdminChanged(address(0), newAdmin);
    }

    /// @notice The implementation, for the admin; everybody else is forwarded.
    function implementation() external returns (address) {
        if (msg.sender == _read(ADMIN_SLOT)) return _read(IMPLEMENTATION_SLOT);
        _forward();
    }

    /// @notice The admin, for the admin; everybody else is forwarded.
    function admin() external returns (address) {
        if (msg.sender == _read(ADMIN_SLOT)) return msg.sender;
        _forward();
    }

    /// @notice Changes the implementation; only the admin.
    function upgradeTo(address newImplementation) external {
        if (msg.sender == _read(ADMIN_SLOT)) {
            _write(IMPLEMENTATION_SLOT, newImplementation);
            emit Upgraded(newImplementation);
            return;
        }
        _forward();
    }

    fallback() external {
        require(msg.sender != _read(ADMIN_SLOT), "Cannot call fallback function from the proxy admin");
        _forward();
    }

    function _forward() private {
        address target = _read(IMPLEMENTATION_SLOT);
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let ok := delegatecall(gas(), target, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(ok) { revert(free, returndatasize()) }
            return(free, returndatasize())
        }
    }

    function _read(bytes32 slot) private view returns (address value) {
        assembly ("memory-safe") {
            value := sload(slot)
        }
    }

    function _write(bytes32 slot, address value) private {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}
