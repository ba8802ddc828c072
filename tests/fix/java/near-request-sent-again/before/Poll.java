package com.example.desk;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

public class Poll {
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpRequest cached;

    public void poll(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://desk.zoho.com/api/v1/tickets"))
            .header("Authorization", "Zoho-authtoken " + token)
            .build();
        while (true) {
            client.send(request, HttpResponse.BodyHandlers.ofString());
            Thread.sleep(60000);
        }
    }

    public void watch(String token) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://desk.zoho.com/api/v1/contacts"))
            .header("Authorization", "Zoho-authtoken " + token)
            .build();
        Executors.newScheduledThreadPool(1).scheduleAtFixedRate(() -> {
            client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        }, 0, 1, TimeUnit.MINUTES);
    }

    public void again(String token) throws Exception {
        client.send(cached(token), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest cached(String token) {
        if (cached == null) {
            cached = HttpRequest.newBuilder(URI.create("https://desk.zoho.com/api/v1/agents"))
                .header("Authorization", "Zoho-authtoken " + token)
                .build();
        }
        return cached;
    }
}
