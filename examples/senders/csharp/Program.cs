// Uses GameInsightsSender from a console program.
// Needs: GAME_INSIGHTS_URL (production URL of the webhook), GAME_INSIGHTS_SECRET (secret key of the credential).
using System;

public static class Program
{
    public static void Main()
    {
        var sender = new GameInsightsSender(
            Environment.GetEnvironmentVariable("GAME_INSIGHTS_URL"),
            Environment.GetEnvironmentVariable("GAME_INSIGHTS_SECRET"));
        // With a JSON library of your choice (in Unity: JsonUtility.ToJson); here by hand, to need none.
        var answer = sender.Send(new[]
        {
            "{\"event_type\":\"session_start\",\"event_id\":\"" + Guid.NewGuid() + "\",\"user_id\":\"player-1\"}",
            "{\"event_type\":\"purchase\",\"event_id\":\"" + Guid.NewGuid() + "\",\"user_id\":\"player-1\","
                + "\"properties\":{\"item\":\"sword\",\"amount\":9.99,\"currency\":\"EUR\"}}",
        }).GetAwaiter().GetResult();
        Console.WriteLine(answer);
    }
}
