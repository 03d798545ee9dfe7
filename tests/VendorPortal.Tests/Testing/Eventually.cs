namespace VendorPortal.Tests.Testing;

/// <summary>Waits for work that goes on in the background, at most half a minute.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var started = Environment.TickCount64; !await condition();)
        {
            Assert.True(Environment.TickCount64 - started < 30_000, $"Waited half a minute in vain until {what}.");
            await Task.Delay(20);
        }
    }
}
