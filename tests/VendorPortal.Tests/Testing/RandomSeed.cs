namespace VendorPortal.Tests.Testing;

/// <summary>For tests that take another seed each time: a failure names the one it was met with.</summary>
internal static class RandomSeed
{
    public static async Task CheckAsync(Func<int, Task> test)
    {
        var seed = Random.Shared.Next();
        try
        {
            await test(seed);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"With the seed {seed}: {error.Message}", error);
        }
    }
}
