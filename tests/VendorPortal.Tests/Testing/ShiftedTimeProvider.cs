namespace VendorPortal.Tests.Testing;

/// <summary>A clock that goes on as the real one does, from another beginning: for a whole portal at a given time.</summary>
public sealed class ShiftedTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly TimeSpan shift = start - DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + shift;
}
