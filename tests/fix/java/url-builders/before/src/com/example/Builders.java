package com.example;

import java.net.URI;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.utils.URIBuilder;
import org.apache.http.impl.client.HttpClients;

class Builders {
    String ok(String token) throws Exception {
        HttpUrl url = HttpUrl.parse("https://books.zoho.com/api/v3/items").newBuilder()
                .addQueryParameter("authtoken", token)
                .addQueryParameter("organization_id", "1")
                .build();
        Request request = new Request.Builder().url(url).build();
        return new OkHttpClient().newCall(request).execute().body().string();
    }

    int apache(String token) throws Exception {
        URI uri = new URIBuilder("https://books.zoho.com/api/v3/items")
                .setParameter("authtoken", token)
                .setParameter("organization_id", "1")
                .build();
        HttpGet get = new HttpGet(uri);
        return HttpClients.createDefault().execute(get).getStatusLine().getStatusCode();
    }

    int statements(String token) throws Exception {
        URIBuilder builder = new URIBuilder("https://books.zoho.com/api/v3/items");
        builder.addParameter("authtoken", token);
        builder.addParameter("organization_id", "1");
        HttpGet get = new HttpGet(builder.build());
        return HttpClients.createDefault().execute(get).getStatusLine().getStatusCode();
    }
}
