package com.example;

import org.apache.http.HttpResponse;
import org.apache.http.client.HttpClient;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.util.EntityUtils;

public class Agents {
    public String load() throws Exception {
        HttpClient client = HttpClientBuilder.create().build();
        HttpGet get = new HttpGet("https://desk.zoho.com/api/v1/agents?limit=50");
        get.addHeader("orgId", Constants.ORG_ID);
        get.addHeader("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        HttpResponse response = client.execute(get);
        return EntityUtils.toString(response.getEntity());
    }
}
